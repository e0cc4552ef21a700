using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace JitFunctions.Functions.Reconciliation;

/// <summary>
/// Removes the histories of orchestrations that have ended: everything important about them is in the event store.
/// </summary>
public sealed class PurgeInstances(TimeProvider clock, ILogger<PurgeInstances> log)
{
    /// <summary>
    /// Measured from the start of an instance, because both hosts can filter by it. A failed instance can be examined
    /// for the same time.
    /// </summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(7);

    private static readonly OrchestrationRuntimeStatus[] Finished =
    [
        OrchestrationRuntimeStatus.Completed,
        OrchestrationRuntimeStatus.Failed,
        OrchestrationRuntimeStatus.Terminated,
    ];

    [Function(nameof(PurgeInstances))]
    public async Task Run(
        [TimerTrigger("0 41 3 * * *")] TimerInfo timer,
        [DurableClient] DurableTaskClient orchestrations,
        CancellationToken cancellation
    )
    {
        // The Functions host accepts no filter without a start time.
        var filter = new PurgeInstancesFilter(DateTimeOffset.UnixEpoch, clock.GetUtcNow() - KeptFor, Finished);
        var purged = await orchestrations.PurgeAllInstancesAsync(filter, cancellation);
        log.LogInformation("Purged {Count} orchestrations that had ended", purged.PurgedInstanceCount);
    }
}
