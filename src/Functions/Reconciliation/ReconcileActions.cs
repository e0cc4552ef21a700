using JitFunctions.Functions.Actions;
using JitFunctions.Projections;
using Marten;
using Microsoft.Azure.Functions.Worker;
using Npgsql;

namespace JitFunctions.Functions.Reconciliation;

/// <summary>
/// Records first uses of grants that were not recorded at once, and forgets what recognizes repeated deliveries.
/// </summary>
public sealed class ReconcileActions(
    FirstUses firstUses,
    IDocumentStore store,
    NpgsqlDataSource database,
    TimeProvider clock
)
{
    // An API server repeats a delivery for 80 seconds. Event Hubs and Pub/Sub may do so for days, but their events are
    // recognized one by one if they are kept.
    private static readonly TimeSpan RepeatedWithin = TimeSpan.FromDays(8);

    [Function(nameof(ReconcileActions))]
    public async Task Run([TimerTrigger("%ReconcilerSchedule%")] TimerInfo timer, CancellationToken cancellation)
    {
        await ActionTables.EnsureAsync(store, cancellation);
        await firstUses.RecordAllAsync(cancellation);
        await new ActionStore(database).ForgetDeliveriesAsync(clock.GetUtcNow() - RepeatedWithin, cancellation);
    }
}
