using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace JitFunctions.Functions.Lifecycle;

/// <summary>
/// Starts and nudges the orchestration of a request. The event is already stored, so a failure here loses nothing: the
/// reconciler starts missing orchestrations and repeats lost nudges.
/// </summary>
internal static class LifecycleClient
{
    public static async Task StartLifecycleAsync(
        this DurableTaskClient client,
        string id,
        ILogger log,
        CancellationToken cancellation
    )
    {
        try
        {
            await client.ScheduleNewOrchestrationInstanceAsync(
                new TaskName(nameof(AccessLifecycle)),
                input: null,
                new StartOrchestrationOptions(id),
                cancellation
            );
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            log.LogWarning(e, "The orchestration of {Request} was not started; the reconciler will start it", id);
        }
    }

    public static async Task NudgeLifecycleAsync(
        this DurableTaskClient client,
        string id,
        ILogger log,
        CancellationToken cancellation
    )
    {
        try
        {
            await client.RaiseEventAsync(id, AccessLifecycle.Nudge, eventPayload: null, cancellation);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            log.LogWarning(e, "The orchestration of {Request} was not nudged; the reconciler will nudge it", id);
        }
    }
}
