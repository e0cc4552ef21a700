using JitFunctions.Domain.Scopes;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace JitFunctions.Functions.Lifecycle;

/// <summary>
/// The orchestration of one request: wait for a decision, apply the grant objects, wait for the expiry, remove the
/// objects. The event store determines the next step; this code only sequences and waits, so it can start in any
/// status.
/// </summary>
public static class AccessLifecycle
{
    /// <summary>
    /// The external event that makes the orchestration read its request again. It has no content, so a lost or repeated
    /// one does no harm.
    /// </summary>
    public const string Nudge = "nudge";

    // Revocation is retried without a limit; a new history from time to time keeps the replay short.
    private const int RoundsPerHistory = 50;

    // The clock of the activity may be behind this one; asking again immediately would only cause load.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(1);

    // Retries for failures that the activities do not handle themselves, such as an unavailable event store: about
    // eight minutes. After that the instance fails, and the reconciler reports it and starts a new one. An instance
    // that retried without a limit would be hidden in a growing history.
    private static readonly TaskOptions KeepTrying = TaskOptions.FromRetryPolicy(
        new RetryPolicy(
            maxNumberOfAttempts: 20,
            firstRetryInterval: TimeSpan.FromSeconds(1),
            backoffCoefficient: 2,
            maxRetryInterval: TimeSpan.FromSeconds(30)
        )
    );

    [Function(nameof(AccessLifecycle))]
    public static async Task Run([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var nudges = new Nudges(context);
        var request = await Do(nameof(LifecycleActivities.ReadRequest));
        var noticeSent = false;

        for (var round = 0; !request.Status.IsFinal(); round++)
        {
            if (round == RoundsPerHistory)
            {
                context.ContinueAsNew();
                return;
            }

            // One attempt, after the grant objects are applied; the reconciler repeats it until it succeeds.
            if (request is { Status: RequestStatus.Active, OwesNotice: true } && !noticeSent)
            {
                noticeSent = true;
                request = await Do(nameof(LifecycleActivities.NotifyApprovers));
                continue;
            }

            request = request.Status switch
            {
                RequestStatus.Pending => await WaitFor(
                    request.Deadline!.Value,
                    then: nameof(LifecycleActivities.LapseRequest)
                ),
                RequestStatus.Approved
                    when request.Deadline is { } start && start.UtcDateTime > context.CurrentUtcDateTime =>
                    await WaitFor(start, then: nameof(LifecycleActivities.ActivateGrant)),
                RequestStatus.Approved or RequestStatus.Activating => await Try(
                    nameof(LifecycleActivities.ActivateGrant)
                ),
                RequestStatus.Active => await WaitFor(
                    request.Deadline!.Value,
                    then: nameof(LifecycleActivities.ExpireGrant)
                ),
                RequestStatus.Ending => await Try(nameof(LifecycleActivities.RemoveGrant)),
                var status => throw new InvalidOperationException($"No step follows the status {status}."),
            };
        }

        Task<LifecycleState> Do(string activity) =>
            context.CallActivityAsync<LifecycleState>(activity, context.InstanceId, KeepTrying);

        async Task<LifecycleState> WaitFor(DateTimeOffset deadline, string then)
        {
            if (await nudges.NextOr(deadline))
                return await Do(
                    request.Status is RequestStatus.Active
                        ? nameof(LifecycleActivities.RenewGrant)
                        : nameof(LifecycleActivities.ReadRequest)
                );

            var next = await Do(then);
            if (next.Status == request.Status)
                await nudges.NextOr(context.CurrentUtcDateTime + ClockSkew);
            return next;
        }

        async Task<LifecycleState> Try(string activity)
        {
            if (request.FailedAttempts > 0)
                await nudges.NextOr(context.CurrentUtcDateTime + Backoff.After(request.FailedAttempts));
            return await Do(activity);
        }
    }
}
