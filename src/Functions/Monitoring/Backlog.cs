using JitFunctions.Domain.Scopes;
using JitFunctions.Projections;

namespace JitFunctions.Functions.Monitoring;

/// <summary>The state of the live requests when the reconciler last read them.</summary>
/// <param name="States">The number of requests in each live status.</param>
/// <param name="Overdue">
/// By cluster, the number of requests whose rights have been past their end for longer than the orchestration needs to
/// remove them.
/// </param>
/// <param name="OldestStep">
/// How long the oldest due step has not been tried by anybody; zero when there is none.
/// </param>
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

/// <summary>Counts live requests page by page, because there may be more than fit into memory at once.</summary>
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

    // This differs from the reconciler, which ignores requests that their orchestration is working on. Here it does not
    // matter who is working on them.
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

/// <summary>The times from which delays are measured.</summary>
internal static class Promises
{
    /// <summary>When the rights were due: at the approval, or at the planned start if that is later.</summary>
    public static DateTimeOffset? BeginsAt(this LiveRequest request) =>
        request.Start > request.ApprovedAt ? request.Start : request.ApprovedAt;

    /// <summary>When the rights had to be gone: at the expiry, or at an earlier end.</summary>
    public static DateTimeOffset? EndDueAt(this LiveRequest request) =>
        request.ExpiresAt < request.EndingAt ? request.ExpiresAt : request.EndingAt;
}
