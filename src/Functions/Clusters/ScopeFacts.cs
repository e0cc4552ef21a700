using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Requests;
using k8s;

namespace JitFunctions.Functions.Clusters;

/// <summary>Asks a cluster what policies want to know about a scope.</summary>
internal static class ScopeFacts
{
    /// <param name="withLabels">False when no policy looks at the labels of namespaces.</param>
    /// <returns>What the cluster says; where it does not answer, why.</returns>
    /// <exception cref="UnknownRoleException" />
    public static async Task<ClusterFacts> FactsAsync(this Cluster cluster, Scope scope, bool withLabels, CancellationToken cancellation)
    {
        try
        {
            var rights = await cluster.RightsAsync(scope, cancellation);
            return new(withLabels ? await LabelsAsync(cluster, scope, cancellation) : null, rights, null);
        }
        catch (Exception e) when (e is not UnknownRoleException && !cancellation.IsCancellationRequested)
        {
            return new(null, null, ClusterFailure.Describe(e, cluster.Name));
        }
    }

    private static async Task<IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>>> LabelsAsync(
        Cluster cluster, Scope scope, CancellationToken cancellation)
    {
        var labels = new Dictionary<string, IReadOnlyDictionary<string, string>>();
        foreach (var name in scope.Namespaces)
        {
            var ns = await cluster.Client.CoreV1.ReadNamespaceAsync(name, cancellationToken: cancellation);
            labels[name] = new Dictionary<string, string>(ns.Metadata.Labels ?? new Dictionary<string, string>());
        }

        return labels;
    }
}
