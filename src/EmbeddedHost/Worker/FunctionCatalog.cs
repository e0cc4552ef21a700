using JitFunctions.EmbeddedHost.Protocol;
using Microsoft.Extensions.Configuration;

namespace JitFunctions.EmbeddedHost.Worker;

/// <summary>
/// The functions that this host runs. As on Azure, the setting <c>AzureWebJobs.{name}.Disabled</c> disables a function,
/// or <c>AzureWebJobs__{name}__Disabled</c> where environment variables must not contain dots.
/// </summary>
internal sealed class FunctionCatalog
{
    private static readonly string[] Triggers =
    [
        "httpTrigger",
        "timerTrigger",
        "orchestrationTrigger",
        "activityTrigger",
    ];

    /// <exception cref="InvalidOperationException">
    /// A function cannot run on this host. The message names it and gives the reason.
    /// </exception>
    public FunctionCatalog(IEnumerable<Function> functions)
    {
        All = [.. functions];
        foreach (var function in All)
            Check(function);
        Orchestrators = ByDurableName("orchestrationTrigger");
        Activities = ByDurableName("activityTrigger");
    }

    public IReadOnlyList<Function> All { get; }

    /// <summary>By the name that clients use; case does not matter.</summary>
    public IReadOnlyDictionary<string, Function> Orchestrators { get; }

    /// <summary>By the name that orchestrators use; case does not matter.</summary>
    public IReadOnlyDictionary<string, Function> Activities { get; }

    /// <summary>
    /// Whether a function needs PostgreSQL: orchestrations do, and timers, each of which runs on one node at a time.
    /// </summary>
    public bool NeedsDatabase =>
        All.Any(function => function.TriggerType != "httpTrigger" || function.HasDurableClient);

    public static bool IsDisabled(RpcFunctionMetadata function, IConfiguration configuration) =>
        configuration.GetValue<bool>($"AzureWebJobs.{function.Name}.Disabled")
        || configuration.GetValue<bool>($"AzureWebJobs:{function.Name}:Disabled");

    public IEnumerable<Function> With(string triggerType) => All.Where(function => function.TriggerType == triggerType);

    private static void Check(Function function)
    {
        if (!Triggers.Contains(function.TriggerType))
        {
            throw new InvalidOperationException(
                $"Function '{function.Name}' has a {function.TriggerType}. The embedded host has only "
                    + $"{string.Join(", ", Triggers)}."
            );
        }

        if (
            function.TriggerType == "httpTrigger"
            && !string.Equals(function["authLevel"], "Anonymous", StringComparison.OrdinalIgnoreCase)
        )
        {
            throw new InvalidOperationException(
                $"Function '{function.Name}' has AuthorizationLevel.{function["authLevel"] ?? "Function"}. The "
                    + "embedded host has no function keys: "
                    + "use AuthorizationLevel.Anonymous and authenticate in middleware."
            );
        }
    }

    private Dictionary<string, Function> ByDurableName(string triggerType) =>
        With(triggerType).ToDictionary(function => function.DurableName, StringComparer.OrdinalIgnoreCase);
}
