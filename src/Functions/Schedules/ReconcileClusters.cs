using JitFunctions.Functions.Clusters;
using JitFunctions.Functions.Telemetry;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace JitFunctions.Functions.Schedules;

/// <summary>Compares what each cluster holds with what the event store says it should hold.</summary>
public sealed class ReconcileClusters(
    ClusterConnections clusters, ClusterDrift bindings, RoleDrift roles, CredentialDrift credentials, Observations seen, Measurements measurements,
    ILogger<ReconcileClusters> log)
{
    [Function(nameof(ReconcileClusters))]
    public async Task Run([TimerTrigger("%Reconciler:Schedule%")] TimerInfo timer, CancellationToken cancellation)
    {
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
                seen.ClusterAnswered(name, false);
                measurements.Found(Finding.ClusterAway, name);
                log.LogWarning("Cluster {Cluster} was not reconciled: {Detail}", name, ClusterFailure.Describe(e, name));
            }
        }
    }
}
