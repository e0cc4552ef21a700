using JitFunctions.Domain.Scopes;

namespace JitFunctions.Domain.Requests;

/// <summary>When the approvers whom break-glass has skipped are told.</summary>
public static class NoticeRule
{
    /// <summary>
    /// How long after the approval the rights have to be there. After that some of them may be, without anybody
    /// knowing.
    /// </summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Once the rights are there, so that the notice tells of something that can be looked at and ended; when they take
    /// long; and when there were never any, as the review is owed all the same.
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
