using System.Collections.Concurrent;
using JitFunctions.Functions.Clusters;
using JitFunctions.Functions.Monitoring;
using Marten;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace JitFunctions.Functions.Reconciliation;

/// <summary>
/// Compares the objects in each cluster with those that the event store expects. No cluster waits for another.
/// </summary>
public sealed class ReconcileClusters(
    IDocumentStore store,
    ClusterConnections clusters,
    ClusterReconciliation reconciliation,
    GoneClusters gone,
    NodeHealth seen,
    Measurements measurements,
    TimeProvider clock,
    ILogger<ReconcileClusters> log
)
{
    private const int ClustersAtOnce = 32;

    [WatchedSchedule]
    [Function(nameof(ReconcileClusters))]
    public async Task Run([TimerTrigger("%ReconcilerSchedule%")] TimerInfo timer, CancellationToken cancellation)
    {
        var report = await RunReport.StartAsync(store, nameof(ReconcileClusters), clock, log, cancellation);
        var outcomes = new ConcurrentDictionary<string, ClusterOutcome>();
        var limits = new ParallelOptions { MaxDegreeOfParallelism = ClustersAtOnce, CancellationToken = cancellation };
        await Parallel.ForEachAsync(
            clusters.Names,
            limits,
            async (name, stop) => outcomes[name] = await ReconcileAsync(name, stop)
        );

        foreach (var (name, outcome) in outcomes.OrderBy(outcome => outcome.Key, StringComparer.Ordinal))
        {
            seen.ClusterAnswered(name, outcome.Answered);
            if (outcome.Failure is { } failure)
                report.Add(outcome.Answered ? FindingKind.ClusterSlow : FindingKind.ClusterAway, name, failure);
            outcome.Foreign?.AddTo(report);
            foreach (var finding in outcome.Findings)
                report.Add(finding.Kind, finding.Subject, finding.Detail);
        }

        foreach (var (name, detail) in await gone.FindAsync(cancellation))
            if (report.Add(FindingKind.ClusterGone, name, detail) == TimeSpan.Zero)
                log.LogWarning("Cluster {Cluster}: {Detail} See 'Rename a cluster' in docs/runbook.md.", name, detail);
        measurements.Found(report.Kinds);
        await report.StoreAsync(cancellation);
    }

    private async Task<ClusterOutcome> ReconcileAsync(string name, CancellationToken cancellation)
    {
        try
        {
            return await reconciliation.RunAsync(clusters[name], cancellation);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            // The connection cannot be created any more, for example because the kubeconfig cannot be read.
            var failure = ClusterFailure.Describe(e, name);
            log.LogWarning("Cluster {Cluster} was not reconciled: {Detail}", name, failure);
            return new(Foreign: null, failure, Answered: false);
        }
    }
}
