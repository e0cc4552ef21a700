using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Policies;
using static JitFunctions.Domain.Requests.AccessRequestEvent;

namespace JitFunctions.Domain.Requests;

public enum RequestStatus
{
    Pending,
    Approved,
    Activating,
    Active,
    Ending,
    Denied,
    Withdrawn,
    Lapsed,
    Failed,
    Ended,
}

public enum Verdict
{
    Approve,
    Deny,
}

public sealed record GivenReview(Principal By, Verdict Verdict);

public sealed record EndingDetails(EndingCause Cause, Principal By, string? Comment, DateTimeOffset At);

/// <summary>The state of one request as far as decisions need it; what screens show is in the read models.</summary>
public sealed record AccessRequest(
    string Id, Principal Requester, IReadOnlyList<string> Groups, RequestTerms Terms, PolicySnapshot Policy, DateTimeOffset DecideBy,
    string Fingerprint, RequestStatus Status)
{
    public IReadOnlyList<GivenReview> Reviews { get; init; } = [];

    public DateTimeOffset? ActivateBy { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public IReadOnlyList<BindingRef> Bindings { get; init; } = [];

    public EndingDetails? Ending { get; init; }

    /// <summary>Failed tries of the present step, activation or revocation.</summary>
    public int FailedAttempts { get; init; }

    /// <summary>Namespaces (empty text for the cluster) whose binding was reported missing already.</summary>
    public IReadOnlyList<string> ReportedMissing { get; init; } = [];

    public bool IsFinal => Status.IsFinal();

    public static AccessRequest? Evolve(string id, AccessRequest? state, AccessRequestEvent @event) => (state, @event) switch
    {
        (null, Requested e) => new(id, e.Requester, e.Groups, e.Terms, e.Policy, e.DecideBy, e.Fingerprint, RequestStatus.Pending),
        ({ } s, Reviewed e) => s with { Reviews = [.. s.Reviews, new(e.By, e.Verdict)] },
        ({ } s, Approved e) => s with { Status = RequestStatus.Approved, ActivateBy = e.ActivateBy },
        ({ } s, Denied) => s with { Status = RequestStatus.Denied },
        ({ } s, Withdrawn) => s with { Status = RequestStatus.Withdrawn },
        ({ } s, Lapsed) => s with { Status = RequestStatus.Lapsed },
        ({ } s, ActivationStarted) => s with { Status = RequestStatus.Activating },
        ({ } s, ActivationDelayed e) => s with { FailedAttempts = e.Attempt },
        ({ } s, Activated e) => s with { Status = RequestStatus.Active, ExpiresAt = e.ExpiresAt, Bindings = e.Bindings, FailedAttempts = 0 },
        ({ } s, EndingStarted e) => s with { Status = RequestStatus.Ending, Ending = new(e.Cause, e.By, e.Comment, e.At), FailedAttempts = 0 },
        ({ } s, RevocationDelayed e) => s with { FailedAttempts = e.Attempt },
        ({ } s, Ended) => s with { Status = RequestStatus.Ended },
        ({ } s, DriftFound { Drift: { Kind: DriftKind.Missing } drift }) => s with { ReportedMissing = [.. s.ReportedMissing, drift.Namespace ?? string.Empty] },
        ({ } s, Failed) => s with { Status = RequestStatus.Failed },
        _ => state,
    };
}

public static class RequestStatuses
{
    public static readonly IReadOnlyList<RequestStatus> Live =
        [RequestStatus.Pending, RequestStatus.Approved, RequestStatus.Activating, RequestStatus.Active, RequestStatus.Ending];

    public static bool IsFinal(this RequestStatus status) => !Live.Contains(status);

    /// <summary>True while the cluster may hold rights of a request in this status.</summary>
    public static bool MayHoldRights(this RequestStatus status) =>
        status is RequestStatus.Activating or RequestStatus.Active or RequestStatus.Ending;
}
