using JitFunctions.Functions.Clusters;
using JitFunctions.Projections;
using Marten;

namespace JitFunctions.Functions.Reconciliation;

/// <summary>
/// Reports clusters that live requests name and that are not configured: nobody can end those grants there.
/// </summary>
public sealed class GoneClusters(IDocumentStore store, ClusterConnections clusters)
{
    /// <returns>The names of the clusters, and a report for each.</returns>
    public async Task<IReadOnlyList<(string Name, string Detail)>> FindAsync(CancellationToken cancellation)
    {
        await using var session = store.QuerySession();
        var known = clusters.Names.ToHashSet();
        return
        [
            .. (await session.CountLiveAsync(cancellation))
                .Where(count => !known.Contains(count.Cluster))
                .GroupBy(count => count.Cluster)
                .OrderBy(cluster => cluster.Key, StringComparer.Ordinal)
                .Select(cluster => (cluster.Key, Describe(cluster))),
        ];
    }

    private static string Describe(IEnumerable<LiveCount> counts)
    {
        var all = counts.OrderBy(count => count.Status).ToList();
        var live = string.Join(
            ", ",
            all.Select(count => $"{count.Count} {count.Status.ToString().ToLowerInvariant()}")
        );
        return $"No cluster is configured under this name, and {all.Sum(count => count.Count)} live request(s) are for "
            + $"it ({live}).";
    }
}
