using JitFunctions.Functions.Policies;
using Microsoft.Azure.Functions.Worker;

namespace JitFunctions.Functions.Schedules;

/// <summary>Publishes what has changed at the source of the policies.</summary>
public sealed class ReconcilePolicies(PoliciesInForce policies)
{
    [Function(nameof(ReconcilePolicies))]
    public Task Run([TimerTrigger("%ReconcilerSchedule%")] TimerInfo timer, CancellationToken cancellation) =>
        policies.PublishAsync(cancellation);
}
