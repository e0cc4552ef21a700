using JitFunctions.Domain.Scopes;
using JitFunctions.Projections;

namespace JitFunctions.Functions.Monitoring;

/// <summary>How the live requests stood when the reconciler looked at them.</summary>
/// <param name="States">How many are in each live status.</param>
/// <param name="Overdue">By cluster, how many have rights past their end, for longer than the orchestration needs to
/// take them away.</param>
/// <param name="OldestStep">For how long a step has been due that nobody has tried yet; zero when there is
/// none.</param>
public sealed record Backlog(
    IReadOnlyDictionary<RequestStatus, int> States,
    IReadOnlyDictionary<string, int> Overdue,
    TimeSpan OldestStep
)
{
    public static Backlog Of(IEnumerable<LiveRequest> live, DateTimeOffset now)
    {
        var count = new BacklogCount(now);
        count.Add(live);
        return count.ToBacklog();
    }
}

/// <summary>Counts live requests, of which there may be more than fit into memory at once.</summary>
public sealed class BacklogCount(DateTimeOffset now)
{
    private readonly Dictionary<RequestStatus, int> _states = RequestStatuses.Live.ToDictionary(
        status => status,
        _ => 0
    );
    private readonly Dictionary<string, int> _overdue = [];
    private TimeSpan _oldestStep = TimeSpan.Zero;

    public void Add(IEnumerable<LiveRequest> live)
    {
        foreach (var request in live)
        {
            _states[request.Status]++;
            if (IsPastItsEnd(request))
                _overdue[request.Cluster] = _overdue.GetValueOrDefault(request.Cluster) + 1;
            if (request.LastTriedAt is null && now - DueSince(request) is { } age && age > _oldestStep)
                _oldestStep = age;
        }
    }

    public Backlog ToBacklog() => new(_states, _overdue, _oldestStep);

    // Not as the reconciler sees it: that leaves alone what the orchestration is at. Here it does not matter who is at
    // it.
    private bool IsPastItsEnd(LiveRequest request) =>
        request.Status switch
        {
            RequestStatus.Activating => now > request.ActivateBy + LiveRequest.Grace,
            RequestStatus.Active => now > request.ExpiresAt + LiveRequest.Grace,
            RequestStatus.Ending => now > request.EndDueAt() + LiveRequest.Grace,
            _ => false,
        };

    private static DateTimeOffset? DueSince(LiveRequest request) =>
        request.Status switch
        {
            RequestStatus.Pending => request.DecideBy,
            RequestStatus.Approved or RequestStatus.Activating => request.BeginsAt(),
            RequestStatus.Active => request.ExpiresAt,
            RequestStatus.Ending => request.EndingAt,
            _ => null,
        };
}

/// <summary>From when on lags count.</summary>
internal static class Promises
{
    /// <summary>
    /// When the rights should have been there: at the approval, or at the planned start where that is later.
    /// </summary>
    public static DateTimeOffset? BeginsAt(this LiveRequest request) =>
        request.Start > request.ApprovedAt ? request.Start : request.ApprovedAt;

    /// <summary>When the rights should have been gone: at the expiry, or when somebody ended them before it.</summary>
    public static DateTimeOffset? EndDueAt(this LiveRequest request) =>
        request.ExpiresAt < request.EndingAt ? request.ExpiresAt : request.EndingAt;
}
