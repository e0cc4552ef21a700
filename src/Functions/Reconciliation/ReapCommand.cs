using System.Globalization;
using JitFunctions.Domain.Scopes;
using JitFunctions.Functions.Clusters;
using k8s;

namespace JitFunctions.Functions.Reconciliation;

/// <summary>
/// <c>reap [--grace 00:02:00] [--credential-namespace jit-access]</c>: one run of the reaper. In a cluster it uses its
/// service account, elsewhere the file that KUBECONFIG names. It reads no settings of the app.
/// </summary>
internal static class ReapCommand
{
    private const string Usage = "usage: reap [--grace HH:MM:SS, at most an hour] [--credential-namespace NAME]";
    private static readonly TimeSpan LongestGrace = TimeSpan.FromHours(1);

    /// <returns>0 when no expired object is left, 1 otherwise, 2 for an error in the arguments.</returns>
    public static async Task<int> RunAsync(
        IReadOnlyList<string> arguments,
        TextWriter report,
        TextWriter errors,
        CancellationToken cancellation
    )
    {
        if (Read(arguments) is not var (grace, credentialNamespace))
        {
            await errors.WriteLineAsync(Usage);
            return 2;
        }

        try
        {
            using var cluster = ClusterClient.Create(Configuration(), "own");
            return await new Reaper(cluster, credentialNamespace, grace, TimeProvider.System, report).RunAsync(
                cancellation
            )
                ? 0
                : 1;
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            await errors.WriteLineAsync($"not reaped: {ClusterFailure.Describe(e, "the cluster")}");
            return 1;
        }
    }

    internal static (TimeSpan Grace, string CredentialNamespace)? Read(IReadOnlyList<string> arguments)
    {
        var (grace, ns) = (TimeSpan.FromMinutes(2), "jit-access");
        for (var i = 0; i < arguments.Count; i += 2)
        {
            switch (arguments[i], arguments.ElementAtOrDefault(i + 1))
            {
                case ("--grace", { } text)
                    when TimeSpan.TryParseExact(text, @"hh\:mm\:ss", CultureInfo.InvariantCulture, out grace)
                        && grace <= LongestGrace:
                    break;
                case ("--credential-namespace", { } name) when RequestForm.IsDnsLabel(name):
                    ns = name;
                    break;
                default:
                    return null;
            }
        }

        return (grace, ns);
    }

    private static KubernetesClientConfiguration Configuration() =>
        KubernetesClientConfiguration.IsInCluster()
            ? KubernetesClientConfiguration.InClusterConfig()
            : KubernetesClientConfiguration.BuildConfigFromConfigFile(
                Environment.GetEnvironmentVariable("KUBECONFIG") is { Length: > 0 } path ? path : null
            );
}
