using JitFunctions.Domain.Requests;
using JitFunctions.Projections;

namespace JitFunctions.Functions.Telemetry;

/// <summary>How the live requests stood when the reconciler looked at them.</summary>
/// <param name="States">How many are in each live status.</param>
/// <param name="Overdue">By cluster, how many have rights past their end, for longer than the orchestration needs to take them away.</param>
/// <param name="OldestStep">For how long a step has been due that nobody has tried yet; zero when there is none.</param>
public sealed record Backlog(IReadOnlyDictionary<RequestStatus, int> States, IReadOnlyDictionary<string, int> Overdue, TimeSpan OldestStep)
{
    public static Backlog Of(IReadOnlyList<RequestDetails> live, DateTimeOffset now) => new(
        RequestStatuses.Live.ToDictionary(status => status, status => live.Count(request => request.Status == status)),
        live.Where(request => IsPastItsEnd(request, now)).CountBy(request => request.Terms.Scope.Cluster).ToDictionary(),
        live.Where(request => request.Trouble is null).Select(request => now - DueSince(request)).Max() is { Ticks: > 0 } oldest ? oldest : TimeSpan.Zero);

    // Not as the reconciler sees it: that leaves alone what the orchestration is at. Here it does not matter who is at it.
    private static bool IsPastItsEnd(RequestDetails request, DateTimeOffset now) => request.Status switch
    {
        RequestStatus.Activating => now > request.ActivateBy + Schedules.Overdue.Grace,
        RequestStatus.Active => now > request.ExpiresAt + Schedules.Overdue.Grace,
        RequestStatus.Ending => now > request.EndDueAt() + Schedules.Overdue.Grace,
        _ => false,
    };

    private static DateTimeOffset? DueSince(RequestDetails request) => request.Status switch
    {
        RequestStatus.Pending => request.DecideBy,
        RequestStatus.Approved or RequestStatus.Activating => request.BeginsAt(),
        RequestStatus.Active => request.ExpiresAt,
        RequestStatus.Ending => request.Ending?.At,
        _ => null,
    };
}

/// <summary>From when on lags count.</summary>
internal static class Promises
{
    /// <summary>When the rights should have been there: at the approval, or at the planned start where that is later.</summary>
    public static DateTimeOffset? BeginsAt(this RequestDetails request) =>
        request.Terms.Start > request.ApprovedAt ? request.Terms.Start : request.ApprovedAt;

    /// <summary>When the rights should have been gone: at the expiry, or when somebody ended them before it.</summary>
    public static DateTimeOffset? EndDueAt(this RequestDetails request) =>
        request.ExpiresAt < request.Ending?.At ? request.ExpiresAt : request.Ending?.At;
}
