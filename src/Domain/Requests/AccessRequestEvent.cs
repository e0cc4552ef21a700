using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Rights;
using JitFunctions.Domain.Scopes;

namespace JitFunctions.Domain.Requests;

/// <summary>
/// All events of a request. They are stored for ever: change a record only by adding an optional member.
/// </summary>
public abstract record AccessRequestEvent
{
    private AccessRequestEvent() { }

    public abstract DateTimeOffset At { get; init; }

    /// <param name="Groups">The requester's groups at that time: a SubjectAccessReview needs them.</param>
    /// <param name="Fingerprint">Hash of the request body, to distinguish a repeated call from another call with the
    /// same idempotency key.</param>
    /// <param name="Rights">All rights that the scope gave at that time, according to the cluster.</param>
    /// <param name="Dangers">The dangerous rights among them, as they are shown to approvers.</param>
    /// <param name="ScopeHash">The hash that reviewers decide about: <see cref="Requests.ScopeHash"/>.</param>
    /// <param name="ReviewBy">For break-glass, the deadline for the review by the skipped approvers.</param>
    /// <param name="OtherAccounts">The requester's other user names.</param>
    /// <param name="AlreadyHeld">The rights among them that the requester already had, if this was determined in
    /// time.</param>
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

    /// <param name="ScopeHash">The scope hash that the reviewer saw.</param>
    /// <param name="Groups">The reviewer's groups among the approver groups.</param>
    public sealed record Reviewed(
        Principal By,
        Verdict Verdict,
        string? Comment,
        DateTimeOffset At,
        string? ScopeHash = null,
        IReadOnlyList<string>? Groups = null,
        IReadOnlyList<string>? OtherAccounts = null
    ) : AccessRequestEvent;

    /// <summary>An approver narrowed the request. Those who approved it earlier have to confirm.</summary>
    public sealed record Narrowed(
        Principal By,
        RequestTerms Terms,
        IReadOnlyList<NamespacedRules> Rights,
        IReadOnlyList<DangerousRight> Dangers,
        string ScopeHash,
        DateTimeOffset At
    ) : AccessRequestEvent;

    /// <param name="Automatic">True when the policy approves without a review.</param>
    /// <param name="ActivateBy">When the activation is abandoned if the cluster stays unreachable.</param>
    /// <param name="BreakGlass">True when the approvals were skipped and a review has to follow.</param>
    public sealed record Approved(bool Automatic, DateTimeOffset ActivateBy, DateTimeOffset At, bool? BreakGlass = null)
        : AccessRequestEvent;

    /// <summary>
    /// Some people who approved may no longer do so. Their approvals do not count, and the request waits for approvals
    /// again.
    /// </summary>
    /// <param name="Reviewers">The subjects of those people.</param>
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
    /// From now on, the cluster may hold rights of this request. The event is stored before the first change in the
    /// cluster.
    /// </summary>
    /// <param name="ServiceAccount">The service account that holds the rights; absent if the requester's own user name
    /// does.</param>
    /// <param name="Installation">The installation label of the grant's objects; absent in events from before it
    /// existed.</param>
    public sealed record ActivationStarted(
        DateTimeOffset At,
        ServiceAccountRef? ServiceAccount = null,
        string? Installation = null
    ) : AccessRequestEvent;

    public sealed record ActivationDelayed(int Attempt, string Detail, DateTimeOffset At) : AccessRequestEvent;

    public sealed record Activated(DateTimeOffset ExpiresAt, IReadOnlyList<BindingRef> Bindings, DateTimeOffset At)
        : AccessRequestEvent;

    /// <summary>
    /// The requester received a token of the grant's service account. The token itself is not stored anywhere.
    /// </summary>
    /// <param name="ExpiresAt">The end of its validity: its own expiry, or the grant's expiry if that is
    /// earlier.</param>
    public sealed record CredentialIssued(Principal By, DateTimeOffset ExpiresAt, DateTimeOffset At)
        : AccessRequestEvent;

    /// <param name="ScopeHash">The hash that reviewers of the extension decide about.</param>
    /// <param name="NeedsReview">True when the extension waits for approvals.</param>
    public sealed record ExtensionRequested(
        TimeSpan Duration,
        string Reason,
        string ScopeHash,
        bool NeedsReview,
        DateTimeOffset At
    ) : AccessRequestEvent;

    /// <param name="Lost">The subjects of those who reviewed earlier but may no longer review: their reviews no longer
    /// count. Absent if there are none.</param>
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

    /// <summary>
    /// From now on, the rights are no longer guaranteed; <see cref="Ended"/> records when they were removed.
    /// </summary>
    public sealed record EndingStarted(EndingCause Cause, Principal By, string? Comment, DateTimeOffset At)
        : AccessRequestEvent;

    public sealed record RevocationDelayed(int Attempt, AlarmLevel Alarm, string Detail, DateTimeOffset At)
        : AccessRequestEvent;

    public sealed record Ended(EndingCause Cause, DenialProof Proof, DateTimeOffset At) : AccessRequestEvent;

    public sealed record Failed(string Detail, DateTimeOffset At, DenialProof? Proof = null) : AccessRequestEvent;

    /// <summary>The cluster did not contain what it should, or contained more.</summary>
    public sealed record DriftFound(Drift Drift, DateTimeOffset At) : AccessRequestEvent;

    /// <summary>The role of an active grant was changed so that it allows more than was approved.</summary>
    /// <param name="Added">The unapproved rights that were not recorded before.</param>
    /// <param name="Dangers">The dangerous rights among them.</param>
    /// <param name="Unapproved">All rights that the role allows now and that were not approved.</param>
    /// <param name="Untold">Why the added rights cannot be determined, so that they count as everything; absent if they
    /// can.</param>
    public sealed record RoleGrown(
        IReadOnlyList<NamespacedRules> Added,
        IReadOnlyList<DangerousRight> Dangers,
        IReadOnlyList<NamespacedRules> Unapproved,
        DateTimeOffset At,
        string? Untold = null
    ) : AccessRequestEvent;

    /// <summary>The role no longer allows some of the unapproved rights.</summary>
    /// <param name="Unapproved">The unapproved rights that the role still allows.</param>
    public sealed record RoleShrunk(
        IReadOnlyList<NamespacedRules> Gone,
        IReadOnlyList<NamespacedRules> Unapproved,
        DateTimeOffset At
    ) : AccessRequestEvent;

    /// <summary>
    /// The first recorded action that certainly belongs to the grant. An earlier one may be recorded later, because the
    /// parts of an audit log arrive in any order.
    /// </summary>
    /// <param name="UsedAt">When the API server received the call.</param>
    /// <param name="Action">The hash of the action, as in <see cref="ClusterEvent.ActionsRecorded"/>.</param>
    /// <param name="Summary">The action in one line.</param>
    public sealed record FirstUsed(DateTimeOffset UsedAt, string Action, string Summary, DateTimeOffset At)
        : AccessRequestEvent;

    /// <summary>The approvers that break-glass skipped have been notified.</summary>
    public sealed record ApproversNotified(IReadOnlyList<string> Groups, DateTimeOffset At) : AccessRequestEvent;

    /// <summary>A review of a break-glass use.</summary>
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
    /// Enough of the skipped approvers have approved the break-glass use, or one of them has denied it.
    /// </summary>
    public sealed record BreakGlassConcluded(bool Justified, DateTimeOffset At) : AccessRequestEvent;

    /// <summary>The break-glass use was not reviewed by its deadline.</summary>
    public sealed record ReviewOverdue(DateTimeOffset At) : AccessRequestEvent;
}
