using System.Net;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Rights;
using k8s;
using k8s.Autorest;

namespace JitFunctions.Functions.Clusters;

/// <summary>Asks a cluster what policies want to know about a scope.</summary>
internal static class ScopeFacts
{
    /// <param name="withLabels">False when no policy looks at the labels of namespaces.</param>
    /// <returns>What the cluster says; where it does not answer, why.</returns>
    /// <exception cref="UnknownRoleException" />
    public static async Task<ClusterFacts> FactsAsync(this Cluster cluster, Scope scope, bool withLabels, CancellationToken cancellation)
    {
        IReadOnlyList<PlacedRules>? rights = null;
        try
        {
            rights = await cluster.RightsAsync(scope, cancellation);
            return new(withLabels ? await LabelsAsync(cluster, scope, cancellation) : null, rights, null);
        }
        catch (Exception e) when (e is not UnknownRoleException && !cancellation.IsCancellationRequested)
        {
            return new(null, rights, ClusterFailure.Describe(e, cluster.Name));
        }
    }

    private static async Task<IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>>> LabelsAsync(
        Cluster cluster, Scope scope, CancellationToken cancellation)
    {
        var labels = new Dictionary<string, IReadOnlyDictionary<string, string>>();
        foreach (var name in scope.Namespaces)
            labels[name] = await LabelsAsync(cluster, name, cancellation);
        return labels;
    }

    // A namespace that is not there has none.
    private static async Task<IReadOnlyDictionary<string, string>> LabelsAsync(Cluster cluster, string ns, CancellationToken cancellation)
    {
        try
        {
            var found = await cluster.Client.CoreV1.ReadNamespaceAsync(ns, cancellationToken: cancellation);
            return new Dictionary<string, string>(found.Metadata.Labels ?? new Dictionary<string, string>());
        }
        catch (HttpOperationException e) when (e.Response.StatusCode is HttpStatusCode.NotFound)
        {
            return new Dictionary<string, string>();
        }
    }
}
