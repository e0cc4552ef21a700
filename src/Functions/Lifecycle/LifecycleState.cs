using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Scopes;

namespace JitFunctions.Functions.Lifecycle;

/// <summary>
/// The data about a request that the orchestration has. It stays in the history, so it contains only what is needed.
/// </summary>
/// <param name="Deadline">
/// When the present status ends without any command: the end of the pending window, the scheduled start, or the expiry
/// of the grant.
/// </param>
/// <param name="FailedAttempts">Failed tries of the present step.</param>
/// <param name="OwesNotice">True until the approvers whom break-glass skipped have been notified.</param>
public sealed record LifecycleState(
    RequestStatus Status,
    DateTimeOffset? Deadline,
    int FailedAttempts,
    bool OwesNotice = false
)
{
    public static LifecycleState Of(AccessRequest request) =>
        new(
            request.Status,
            request.Status switch
            {
                RequestStatus.Pending => request.DecideBy,
                RequestStatus.Approved => request.Terms.Start,
                RequestStatus.Active => request.ExpiresAt,
                _ => null,
            },
            request.FailedAttempts,
            request.PostReview is { IsNotified: false }
        );
}
