using JitFunctions.Domain.Scopes;

namespace JitFunctions.Domain.Requests;

/// <summary>Decides when the approvers that break-glass skipped are notified.</summary>
public static class NoticeRule
{
    /// <summary>
    /// The longest time from the approval to the notice. After that, some of the rights may exist without anybody being
    /// notified.
    /// </summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(2);

    /// <summary>
    /// The notice is due when the rights exist, so that approvers can look at them and end them; when the activation
    /// takes too long; and when there were never any rights, because the review is required anyway.
    /// </summary>
    public static bool IsNoticeDue(this AccessRequest request, DateTimeOffset now) =>
        request.PostReview is { IsNotified: false }
        && request.Status switch
        {
            RequestStatus.Pending => false,
            RequestStatus.Approved or RequestStatus.Activating => now
                >= request.ActivateBy - AccessRequestDecider.ActivationWindow + LongestWait,
            _ => true,
        };
}
