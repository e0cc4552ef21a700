using JitFunctions.Domain.Scopes;
using JitFunctions.Functions.Lifecycle;
using JitFunctions.Projections;

namespace JitFunctions.Functions.Reconciliation;

/// <summary>When the reconciler considers a request stuck.</summary>
internal static class GrantLateness
{
    public static bool IsOlderThanGrace(this LiveRequest request, DateTimeOffset now) =>
        now > request.RequestedAt + LiveRequest.Grace;

    /// <summary>True when rights may be in the cluster past their end and nothing seems to be removing them.</summary>
    public static bool OutlivesExpiry(this LiveRequest request, DateTimeOffset now) =>
        request.Status switch
        {
            RequestStatus.Approved or RequestStatus.Activating => now > request.ActivateBy + LiveRequest.Grace,
            RequestStatus.Active => now > request.ExpiresAt + LiveRequest.Grace,
            RequestStatus.Ending => IsStuck(request, request.EndingAt, now),
            _ => false,
        };

    /// <summary>
    /// True when the next step of the request has been due for so long that its orchestration must have missed it.
    /// </summary>
    public static bool IsStuck(this LiveRequest request, DateTimeOffset now) =>
        request.Status switch
        {
            RequestStatus.Pending => now > request.DecideBy + LiveRequest.Grace,
            RequestStatus.Approved or RequestStatus.Activating => IsStuck(
                request,
                Later(request.ApprovedAt, request.Start),
                now
            ),
            RequestStatus.Active => now > request.ExpiresAt + LiveRequest.Grace,
            RequestStatus.Ending => IsStuck(request, request.EndingAt, now),
            _ => false,
        };

    private static DateTimeOffset? Later(DateTimeOffset? a, DateTimeOffset? b) => b > a ? b : a;

    // After a failure the orchestration waits between tries, at most the longest pause.
    private static bool IsStuck(LiveRequest request, DateTimeOffset? since, DateTimeOffset now) =>
        now > (request.LastTriedAt is { } tried ? tried + Backoff.Longest : since) + LiveRequest.Grace;
}
