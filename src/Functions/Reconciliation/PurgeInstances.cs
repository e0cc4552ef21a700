using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace JitFunctions.Functions.Reconciliation;

/// <summary>
/// Removes the histories of orchestrations that have ended: all that matters of them is in the event store.
/// </summary>
public sealed class PurgeInstances(TimeProvider clock, ILogger<PurgeInstances> log)
{
    /// <summary>
    /// From the start of an instance, which is what both hosts can filter by; a failed one can be looked at for as
    /// long.
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
        // The Functions host takes no filter without a beginning.
        var filter = new PurgeInstancesFilter(DateTimeOffset.UnixEpoch, clock.GetUtcNow() - KeptFor, Finished);
        var purged = await orchestrations.PurgeAllInstancesAsync(filter, cancellation);
        log.LogInformation("Purged {Count} orchestrations that had ended", purged.PurgedInstanceCount);
    }
}
