using System.Diagnostics;
using System.Reflection;
using System.Text.Json.Nodes;

namespace JitFunctions.Infrastructure.Tests;

/// <summary>
/// Bicep's own compiler, which knows what every resource of Azure looks like and needs no network for it.
/// </summary>
internal static class BicepCompiler
{
    public static readonly string Repository = Metadata("Repository");
    public static readonly string Templates = Path.Combine(Repository, "infra", "bicep");

    /// <summary>The Azure Resource Manager template, with all modules in it.</summary>
    /// <exception cref="InvalidOperationException">The compiler or its linter has something to say.</exception>
    public static JsonNode Build(string template) => JsonNode.Parse(Run("build", template, "--stdout"))!;

    /// <summary>
    /// What is deployed with the parameters of a file: loops and conditions resolved, and of values all that is known
    /// before.
    /// </summary>
    /// <exception cref="InvalidOperationException">The compiler has something to say, or could not look into every
    /// module.</exception>
    public static JsonNode Predict(
        string parameters,
        IReadOnlyDictionary<string, string> environment,
        params string[] scope
    )
    {
        Run(
            environment,
            [
                "snapshot",
                parameters,
                "--mode",
                "overwrite",
                "--deployment-name",
                "test",
                "--subscription-id",
                "00000000-0000-0000-0000-000000000001",
                .. scope,
            ]
        );
        return JsonNode.Parse(File.ReadAllText(Path.ChangeExtension(parameters, "snapshot.json")))!;
    }

    public static string Run(params string[] arguments) => Run(new Dictionary<string, string>(), arguments);

    public static string Run(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(Metadata("Bicep"), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1"; // A bare machine has no ICU.
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var bicep = Process.Start(start)!;
        var errors = bicep.StandardError.ReadToEndAsync();
        var output = bicep.StandardOutput.ReadToEnd();
        bicep.WaitForExit();
        // A warning leaves the exit code at 0.
        return bicep.ExitCode == 0 && errors.Result.Length == 0
            ? output
            : throw new InvalidOperationException($"bicep {arguments[0]} ended with {bicep.ExitCode}: {errors.Result}");
    }

    private static string Metadata(string key) =>
        typeof(BicepCompiler)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(attribute => attribute.Key == key)
            .Value!;
}
