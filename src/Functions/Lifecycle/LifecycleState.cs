using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Scopes;

namespace JitFunctions.Functions.Lifecycle;

/// <summary>All that the orchestration knows of a request; it stays in its history, so no more than it needs.</summary>
/// <param name="Deadline">When the present status ends by itself: the pending window, the scheduled start, or the
/// expiry of the grant.</param>
/// <param name="FailedAttempts">Failed tries of the present step.</param>
/// <param name="OwesNotice">True while the approvers whom break-glass skipped have not been told.</param>
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
