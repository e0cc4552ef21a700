using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Rights;
using JitFunctions.Domain.Scopes;

namespace JitFunctions.Domain.Requests;

/// <summary>
/// Everything that can happen to a request. Stored for ever: change a record only by adding an optional member.
/// </summary>
public abstract record AccessRequestEvent
{
    private AccessRequestEvent() { }

    public abstract DateTimeOffset At { get; init; }

    /// <param name="Groups">The requester's groups then: a SubjectAccessReview has to be told them.</param>
    /// <param name="Fingerprint">Hash of what was asked, to tell a repeated call from another call with the same
    /// idempotency key.</param>
    /// <param name="Rights">All that the scope gives, as the cluster said then.</param>
    /// <param name="Dangers">What of it leads to more rights, as approvers are shown it.</param>
    /// <param name="ScopeHash">What reviewers decide about: <see cref="Requests.ScopeHash"/>.</param>
    /// <param name="ReviewBy">For break-glass, by when the skipped approvers must have reviewed it.</param>
    /// <param name="OtherAccounts">The requester's other user names.</param>
    /// <param name="AlreadyHeld">What of it the requester had already, as far as it was told in time.</param>
    public sealed record Requested(
        Principal Requester,
        IReadOnlyList<string> Groups,
        RequestTerms Terms,
        PolicySnapshot Policy,
        DateTimeOffset DecideBy,
        string Fingerprint,
        DateTimeOffset At,
        IReadOnlyList<NamespacedRules>? Rights = null,
        IReadOnlyList<DangerousRight>? Dangers = null,
        string? ScopeHash = null,
        DateTimeOffset? ReviewBy = null,
        IReadOnlyList<string>? OtherAccounts = null,
        AlreadyHeld? AlreadyHeld = null
    ) : AccessRequestEvent;

    /// <param name="ScopeHash">What the reviewer saw.</param>
    /// <param name="Groups">The reviewer's groups among those that approve.</param>
    public sealed record Reviewed(
        Principal By,
        Verdict Verdict,
        string? Comment,
        DateTimeOffset At,
        string? ScopeHash = null,
        IReadOnlyList<string>? Groups = null,
        IReadOnlyList<string>? OtherAccounts = null
    ) : AccessRequestEvent;

    /// <summary>An approver made the request less. Who approved it before has to confirm.</summary>
    public sealed record Narrowed(
        Principal By,
        RequestTerms Terms,
        IReadOnlyList<NamespacedRules> Rights,
        IReadOnlyList<DangerousRight> Dangers,
        string ScopeHash,
        DateTimeOffset At
    ) : AccessRequestEvent;

    /// <param name="Automatic">True when the policy approves without a review.</param>
    /// <param name="ActivateBy">When activation is given up, should the cluster stay out of reach.</param>
    /// <param name="BreakGlass">True when the approvals were skipped, and are owed.</param>
    public sealed record Approved(bool Automatic, DateTimeOffset ActivateBy, DateTimeOffset At, bool? BreakGlass = null)
        : AccessRequestEvent;

    /// <summary>
    /// Some who approved may no longer do so: what they said does not count, and the request waits again.
    /// </summary>
    /// <param name="Reviewers">Their subjects.</param>
    public sealed record ApprovalVoided(
        IReadOnlyList<string> Reviewers,
        string Detail,
        DateTimeOffset DecideBy,
        DateTimeOffset At
    ) : AccessRequestEvent;

    public sealed record Denied(Principal By, string? Comment, DateTimeOffset At) : AccessRequestEvent;

    /// <param name="Proof">Present when the cluster may have held rights before.</param>
    public sealed record Withdrawn(Principal By, string? Comment, DateTimeOffset At, DenialProof? Proof = null)
        : AccessRequestEvent;

    public sealed record Lapsed(DateTimeOffset At) : AccessRequestEvent;

    /// <summary>
    /// From here on the cluster may hold rights of this request: it is written before the cluster is touched.
    /// </summary>
    /// <param name="ServiceAccount">Which one holds them; absent where the requester's own identity does.</param>
    /// <param name="Installation">The label of the grant's objects; absent in events from before there was one.</param>
    public sealed record ActivationStarted(
        DateTimeOffset At,
        ServiceAccountRef? ServiceAccount = null,
        string? Installation = null
    ) : AccessRequestEvent;

    public sealed record ActivationDelayed(int Attempt, string Detail, DateTimeOffset At) : AccessRequestEvent;

    public sealed record Activated(DateTimeOffset ExpiresAt, IReadOnlyList<BindingRef> Bindings, DateTimeOffset At)
        : AccessRequestEvent;

    /// <summary>The requester was handed a token of the grant's service account; the token itself is nowhere.</summary>
    /// <param name="ExpiresAt">Until when it is good: its own end, or the grant's expiry when that is earlier.</param>
    public sealed record CredentialIssued(Principal By, DateTimeOffset ExpiresAt, DateTimeOffset At)
        : AccessRequestEvent;

    /// <param name="ScopeHash">What reviewers of the extension decide about.</param>
    /// <param name="NeedsReview">True when it waits for approvals.</param>
    public sealed record ExtensionRequested(
        TimeSpan Duration,
        string Reason,
        string ScopeHash,
        bool NeedsReview,
        DateTimeOffset At
    ) : AccessRequestEvent;

    /// <param name="Lost">
    /// The subjects of those who reviewed before and may no longer: their reviews do not count any more. Absent when
    /// there are none.
    /// </param>
    public sealed record ExtensionReviewed(
        Principal By,
        Verdict Verdict,
        string? Comment,
        DateTimeOffset At,
        string ScopeHash,
        IReadOnlyList<string> Groups,
        IReadOnlyList<string> OtherAccounts,
        IReadOnlyList<string>? Lost = null
    ) : AccessRequestEvent;

    public sealed record Extended(DateTimeOffset ExpiresAt, DateTimeOffset At) : AccessRequestEvent;

    public sealed record ExtensionDenied(Principal By, string? Comment, DateTimeOffset At) : AccessRequestEvent;

    /// <summary>From here on the rights are no longer promised; <see cref="Ended"/> says when they were gone.</summary>
    public sealed record EndingStarted(EndingCause Cause, Principal By, string? Comment, DateTimeOffset At)
        : AccessRequestEvent;

    public sealed record RevocationDelayed(int Attempt, AlarmLevel Alarm, string Detail, DateTimeOffset At)
        : AccessRequestEvent;

    public sealed record Ended(EndingCause Cause, DenialProof Proof, DateTimeOffset At) : AccessRequestEvent;

    public sealed record Failed(string Detail, DateTimeOffset At, DenialProof? Proof = null) : AccessRequestEvent;

    /// <summary>The cluster did not hold what it should, or held more.</summary>
    public sealed record DriftFound(Drift Drift, DateTimeOffset At) : AccessRequestEvent;

    /// <summary>The role of an active grant came to allow more than was approved.</summary>
    /// <param name="Added">What was not recorded before.</param>
    /// <param name="Dangers">What of it leads to more rights.</param>
    /// <param name="Unapproved">All that it allows now and that was not approved.</param>
    /// <param name="Untold">Why it cannot be told what was added, so that it counts as everything; absent when it
    /// can.</param>
    public sealed record RoleGrown(
        IReadOnlyList<NamespacedRules> Added,
        IReadOnlyList<DangerousRight> Dangers,
        IReadOnlyList<NamespacedRules> Unapproved,
        DateTimeOffset At,
        string? Untold = null
    ) : AccessRequestEvent;

    /// <summary>Of what was not approved the role no longer allows this.</summary>
    /// <param name="Unapproved">What it still allows and was not approved.</param>
    public sealed record RoleShrunk(
        IReadOnlyList<NamespacedRules> Gone,
        IReadOnlyList<NamespacedRules> Unapproved,
        DateTimeOffset At
    ) : AccessRequestEvent;

    /// <summary>The approvers whom break-glass skipped have been told.</summary>
    public sealed record ApproversNotified(IReadOnlyList<string> Groups, DateTimeOffset At) : AccessRequestEvent;

    /// <summary>A review that break-glass owed.</summary>
    /// <param name="Lost">As in <see cref="ExtensionReviewed"/>.</param>
    public sealed record BreakGlassReviewed(
        Principal By,
        Verdict Verdict,
        string? Comment,
        DateTimeOffset At,
        string ScopeHash,
        IReadOnlyList<string> Groups,
        IReadOnlyList<string> OtherAccounts,
        IReadOnlyList<string>? Lost = null
    ) : AccessRequestEvent;

    /// <summary>
    /// Enough of the skipped approvers have reviewed what was done by break-glass, or one of them condemns it.
    /// </summary>
    public sealed record BreakGlassConcluded(bool Justified, DateTimeOffset At) : AccessRequestEvent;

    /// <summary>The review that break-glass owes has not been given in time.</summary>
    public sealed record ReviewOverdue(DateTimeOffset At) : AccessRequestEvent;
}
