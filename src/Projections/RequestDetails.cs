using JasperFx.Events;
using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Requests;
using Marten.Events.Aggregation;
using static JitFunctions.Domain.Requests.AccessRequestEvent;

namespace JitFunctions.Projections;

public sealed record ReviewDetails(Principal By, Verdict Verdict, string? Comment, DateTimeOffset At);

/// <summary>What keeps the present step from succeeding.</summary>
public sealed record Trouble(string What, string Detail, int Attempts, AlarmLevel Alarm, DateTimeOffset Since, DateTimeOffset Latest);

/// <summary>Read model: one request as it is shown.</summary>
/// <param name="Version">Number of events so far: the ETag of the request.</param>
public sealed record RequestDetails(
    string Id, long Version, RequestStatus Status, Principal Requester, RequestTerms Terms, PolicySnapshot Policy,
    DateTimeOffset RequestedAt, DateTimeOffset DecideBy)
{
    /// <summary>Stored, so that the few live requests are found without reading the many finished ones.</summary>
    public bool IsFinal => Status.IsFinal();

    public IReadOnlyList<ReviewDetails> Reviews { get; init; } = [];

    public DateTimeOffset? ApprovedAt { get; init; }

    public DateTimeOffset? ActivateBy { get; init; }

    public DateTimeOffset? ActivatedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public IReadOnlyList<BindingRef> Bindings { get; init; } = [];

    public Trouble? Trouble { get; init; }

    public EndingDetails? Ending { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public DenialProof? DenialProof { get; init; }
}

internal sealed class RequestDetailsProjection : SingleStreamProjection<RequestDetails, string>
{
    public override RequestDetails? Evolve(RequestDetails? snapshot, string id, IEvent e) =>
        e.Data is AccessRequestEvent fact ? Apply(snapshot, id, fact) is { } next ? next with { Version = next.Version + 1 } : null : snapshot;

    private static RequestDetails? Apply(RequestDetails? details, string id, AccessRequestEvent fact) => (details, fact) switch
    {
        (null, Requested e) => new(id, 0, RequestStatus.Pending, e.Requester, e.Terms, e.Policy, e.At, e.DecideBy),
        ({ } d, Reviewed e) => d with { Reviews = [.. d.Reviews, new(e.By, e.Verdict, e.Comment, e.At)] },
        ({ } d, Approved e) => d with { Status = RequestStatus.Approved, ApprovedAt = e.At, ActivateBy = e.ActivateBy },
        ({ } d, Denied e) => d with { Status = RequestStatus.Denied, EndedAt = e.At },
        ({ } d, Withdrawn e) => d with { Status = RequestStatus.Withdrawn, EndedAt = e.At, DenialProof = e.Proof, Trouble = null, Ending = d.Ending ?? new(EndingCause.Withdrawn, e.By, e.Comment, e.At) },
        ({ } d, Lapsed e) => d with { Status = RequestStatus.Lapsed, EndedAt = e.At },
        ({ } d, ActivationStarted) => d with { Status = RequestStatus.Activating },
        ({ } d, ActivationDelayed e) => d with { Trouble = new("activation-delayed", e.Detail, e.Attempt, AlarmLevel.Warning, d.Trouble?.Since ?? e.At, e.At) },
        ({ } d, Activated e) => d with { Status = RequestStatus.Active, ActivatedAt = e.At, ExpiresAt = e.ExpiresAt, Bindings = e.Bindings, Trouble = null },
        ({ } d, EndingStarted e) => d with { Status = RequestStatus.Ending, Ending = new(e.Cause, e.By, e.Comment, e.At), Trouble = null },
        ({ } d, RevocationDelayed e) => d with { Trouble = new("revocation-delayed", e.Detail, e.Attempt, e.Alarm, d.Trouble?.Since ?? e.At, e.At) },
        ({ } d, Ended e) => d with { Status = RequestStatus.Ended, EndedAt = e.At, DenialProof = e.Proof, Trouble = null },
        ({ } d, Failed e) => d with { Status = RequestStatus.Failed, EndedAt = e.At, DenialProof = e.Proof, Trouble = null },
        _ => details,
    };
}
