using JitFunctions.Domain.Requests;
using JitFunctions.Functions.Platform.Notifications;
using JitFunctions.Projections;
using Microsoft.Extensions.Logging;

namespace JitFunctions.Functions.Notices;

/// <summary>Notifies the approvers whom break-glass skipped that they have to give a review.</summary>
public sealed class SkippedApprovers(
    SystemCommands commands,
    Notifier notifier,
    TimeProvider clock,
    ILogger<SkippedApprovers> log
)
{
    private const string Type = "jit.break_glass.used";

    public async Task<AccessRequest> TryTellAsync(string id, Provenance provenance, CancellationToken cancellation)
    {
        var request = await commands.ReadAsync(id, cancellation);
        if (request.PostReview is not { } debt || !request.IsNoticeDue(clock.GetUtcNow()))
            return request;

        // The id of the message is the same at each try, so that the receiver can recognize a repeated notice.
        var failure = await notifier.SendAsync(
            $"{id}-break-glass",
            Type,
            BreakGlassNotice.Of(request, debt),
            cancellation
        );
        if (failure is not null)
        {
            log.LogError(
                "The approvers whom break-glass request {Request} skipped could not be notified; "
                    + "the notice is sent again later: "
                    + "{Detail}",
                id,
                failure
            );
            return request;
        }

        return await commands.HandleAsync(
            id,
            new AccessRequestCommand.ConfirmNotification(request.Policy.ApproverGroups, clock.GetUtcNow()),
            provenance,
            cancellation
        );
    }
}
