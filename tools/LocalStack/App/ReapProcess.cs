namespace JitFunctions.LocalStack;

/// <summary>One run of the reaper, as its CronJob would start it.</summary>
public static class ReapProcess
{
    /// <param name="kubeconfig">The kubeconfig of the reaper's service account.</param>
    public static Task<Command> RunAsync(
        string kubeconfig,
        IEnumerable<string> arguments,
        CancellationToken cancellation = default
    ) =>
        Command.RunAsync(
            "dotnet",
            [Path.Combine(Repository.App, "JitFunctions.Functions.dll"), "reap", .. arguments],
            new Dictionary<string, string?> { ["KUBECONFIG"] = kubeconfig },
            cancellation: cancellation
        );
}
