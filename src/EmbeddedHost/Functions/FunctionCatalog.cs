using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;

namespace JitFunctions.EmbeddedHost.Functions;

/// <summary>
/// The app's functions, found by <see cref="FunctionAttribute"/>. As on Azure, the setting <c>AzureWebJobs.{name}.Disabled</c>, or
/// <c>AzureWebJobs__{name}__Disabled</c> in an environment that takes no dots, switches one off.
/// </summary>
internal sealed class FunctionCatalog
{
    /// <exception cref="InvalidOperationException">A function is not usable, or two have the same name.</exception>
    public FunctionCatalog(IEnumerable<Assembly> assemblies, IConfiguration configuration)
    {
        All = [.. assemblies
            .SelectMany(assembly => assembly.GetTypes())
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Select(method => (Method: method, method.GetCustomAttribute<FunctionAttribute>()?.Name))
            .Where(found => found.Name is not null && !IsDisabled(found.Name, configuration))
            .Select(found => new FunctionDescriptor(found.Name!, found.Method))];
        if (All.CountBy(function => function.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(name => name.Value > 1) is { Key: { } twice })
            throw new InvalidOperationException($"Two functions have the name '{twice}'.");

        Orchestrators = ByDurableName<OrchestrationTriggerAttribute>();
        Activities = ByDurableName<ActivityTriggerAttribute>();
    }

    public IReadOnlyList<FunctionDescriptor> All { get; }

    public IReadOnlyDictionary<string, FunctionDescriptor> Orchestrators { get; }

    public IReadOnlyDictionary<string, FunctionDescriptor> Activities { get; }

    public bool NeedsDatabase => All.Any(function => function.Trigger is not HttpTriggerAttribute
        || function.Definition.InputBindings.Values.Any(binding => binding.Type == "durableClient"));

    public IEnumerable<(FunctionDescriptor Function, T Trigger)> With<T>()
        where T : Attribute
        => All.Where(function => function.Trigger is T).Select(function => (function, (function.Trigger as T)!));

    /// <summary>The entry assembly and those that it references, as far as they know this programming model.</summary>
    public static IEnumerable<Assembly> AppAssemblies()
    {
        var model = typeof(FunctionAttribute).Assembly.GetName().Name;
        var entry = Assembly.GetEntryAssembly()!;
        return entry.GetReferencedAssemblies().Select(Assembly.Load).Prepend(entry)
            .Where(assembly => assembly.GetReferencedAssemblies().Any(reference => reference.Name == model));
    }

    private static bool IsDisabled(string function, IConfiguration configuration)
        => configuration.GetValue<bool>($"AzureWebJobs.{function}.Disabled") || configuration.GetValue<bool>($"AzureWebJobs:{function}:Disabled");

    private Dictionary<string, FunctionDescriptor> ByDurableName<T>()
        where T : Attribute
        => With<T>().ToDictionary(found => found.Function.DurableName, found => found.Function, StringComparer.OrdinalIgnoreCase);
}
