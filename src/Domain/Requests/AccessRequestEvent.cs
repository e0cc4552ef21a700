using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Policies;

namespace JitFunctions.Domain.Requests;

/// <summary>Everything that can happen to a request. Stored for ever: change a record only by adding an optional member.</summary>
public abstract record AccessRequestEvent
{
    private AccessRequestEvent() { }

    public abstract DateTimeOffset At { get; init; }

    /// <param name="Groups">The requester's groups then: a SubjectAccessReview has to be told them.</param>
    /// <param name="Fingerprint">Hash of the terms, to tell a repeated call from another call with the same idempotency key.</param>
    public sealed record Requested(
        Principal Requester, IReadOnlyList<string> Groups, RequestTerms Terms, PolicySnapshot Policy, DateTimeOffset DecideBy, string Fingerprint,
        DateTimeOffset At)
        : AccessRequestEvent;

    public sealed record Reviewed(Principal By, Verdict Verdict, string? Comment, DateTimeOffset At) : AccessRequestEvent;

    /// <param name="Automatic">True when the policy approves without a review.</param>
    /// <param name="ActivateBy">When activation is given up, should the cluster stay out of reach.</param>
    public sealed record Approved(bool Automatic, DateTimeOffset ActivateBy, DateTimeOffset At) : AccessRequestEvent;

    public sealed record Denied(Principal By, string? Comment, DateTimeOffset At) : AccessRequestEvent;

    /// <param name="Proof">Present when the cluster may have held rights before.</param>
    public sealed record Withdrawn(Principal By, string? Comment, DateTimeOffset At, DenialProof? Proof = null) : AccessRequestEvent;

    public sealed record Lapsed(DateTimeOffset At) : AccessRequestEvent;

    /// <summary>From here on the cluster may hold rights of this request: it is written before the cluster is touched.</summary>
    public sealed record ActivationStarted(DateTimeOffset At) : AccessRequestEvent;

    public sealed record ActivationDelayed(int Attempt, string Detail, DateTimeOffset At) : AccessRequestEvent;

    public sealed record Activated(DateTimeOffset ExpiresAt, IReadOnlyList<BindingRef> Bindings, DateTimeOffset At) : AccessRequestEvent;

    /// <summary>From here on the rights are no longer promised; <see cref="Ended"/> says when they were gone.</summary>
    public sealed record EndingStarted(EndingCause Cause, Principal By, string? Comment, DateTimeOffset At) : AccessRequestEvent;

    public sealed record RevocationDelayed(int Attempt, AlarmLevel Alarm, string Detail, DateTimeOffset At) : AccessRequestEvent;

    public sealed record Ended(EndingCause Cause, DenialProof Proof, DateTimeOffset At) : AccessRequestEvent;

    public sealed record Failed(string Detail, DateTimeOffset At, DenialProof? Proof = null) : AccessRequestEvent;

    /// <summary>The cluster did not hold what it should, or held more.</summary>
    public sealed record DriftFound(Drift Drift, DateTimeOffset At) : AccessRequestEvent;
}
