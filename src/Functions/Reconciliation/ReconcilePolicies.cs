using JitFunctions.Functions.Monitoring;
using JitFunctions.Functions.Policies;
using Microsoft.Azure.Functions.Worker;

namespace JitFunctions.Functions.Reconciliation;

/// <summary>Publishes changes at the source of the policies.</summary>
public sealed class ReconcilePolicies(PublishedPolicies policies)
{
    [WatchedSchedule]
    [Function(nameof(ReconcilePolicies))]
    public Task Run([TimerTrigger("%ReconcilerSchedule%")] TimerInfo timer, CancellationToken cancellation) =>
        policies.PublishAsync(cancellation);
}
