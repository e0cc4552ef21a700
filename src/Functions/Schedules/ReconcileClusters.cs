using JitFunctions.Functions.Clusters;
using JitFunctions.Functions.Telemetry;
using Marten;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace JitFunctions.Functions.Schedules;

/// <summary>Compares what each cluster holds with what the event store says it should hold.</summary>
public sealed class ReconcileClusters(
    IDocumentStore store, ClusterConnections clusters, ClusterDrift bindings, RoleDrift roles, CredentialDrift credentials, Observations seen,
    Measurements measurements, TimeProvider clock, ILogger<ReconcileClusters> log)
{
    [Function(nameof(ReconcileClusters))]
    public async Task Run([TimerTrigger("%ReconcilerSchedule%")] TimerInfo timer, CancellationToken cancellation)
    {
        var report = await RunReport.StartAsync(store, nameof(ReconcileClusters), clock, log, cancellation);
        foreach (var name in clusters.Names)
        {
            try
            {
                await bindings.ReconcileAsync(clusters[name], cancellation);
                await roles.ReconcileAsync(clusters[name], cancellation);
                await credentials.ReconcileAsync(clusters[name], cancellation);
                seen.ClusterAnswered(name, true);
            }
            catch (Exception e) when (!cancellation.IsCancellationRequested)
            {
                var detail = ClusterFailure.Describe(e, name);
                seen.ClusterAnswered(name, false);
                report.Add(FindingKind.ClusterAway, name, detail);
                log.LogWarning("Cluster {Cluster} was not reconciled: {Detail}", name, detail);
            }
        }

        measurements.Found(report);
        await report.StoreAsync(cancellation);
    }
}
