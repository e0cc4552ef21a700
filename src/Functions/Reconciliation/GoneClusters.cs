using JitFunctions.Functions.Clusters;
using JitFunctions.Projections;
using Marten;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace JitFunctions.Functions.Reconciliation;

/// <summary>
/// Tells of clusters that live requests name and that are not configured: nobody can end those grants there.
/// </summary>
public sealed class GoneClusters(IDocumentStore store, ClusterConnections clusters)
{
    /// <returns>The names, and what is said of each.</returns>
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

/// <summary>Says so at the start, where whoever changed the settings sees it.</summary>
internal sealed class GoneClusterWarning(GoneClusters gone, ILogger<GoneClusterWarning> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            foreach (var (name, detail) in await gone.FindAsync(stoppingToken))
                log.LogWarning("Cluster {Cluster}: {Detail} See 'Rename a cluster' in docs/runbook.md.", name, detail);
        }
        catch (Exception e) when (!stoppingToken.IsCancellationRequested)
        {
            // The event store is away, or has no tables yet. The reconciler looks again, and reports it.
            log.LogInformation(
                "Whether live requests name clusters that are not configured cannot be told yet: {Detail}",
                e.Message
            );
        }
    }
}
