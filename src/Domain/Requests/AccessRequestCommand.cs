using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Rights;
using JitFunctions.Domain.Scopes;

namespace JitFunctions.Domain.Requests;

/// <summary>All commands for an existing request. The time and the identity are part of the command.</summary>
public abstract record AccessRequestCommand
{
    private AccessRequestCommand() { }

    public abstract DateTimeOffset Now { get; init; }

    /// <summary>
    /// True for commands that take away rights, or the chance to get them. They take precedence over all other waiting
    /// writes.
    /// </summary>
    public bool EndsSomething =>
        this
            is Withdraw
                or Relinquish
                or Revoke
                or Review { Verdict: Verdict.Deny }
                or Lapse
                or Expire
                or AbandonActivation
                or DelayRevocation
                or ConfirmRevocation;

    /// <summary>A review of a pending request, of a waiting extension, or of a break-glass use.</summary>
    /// <param name="ScopeHash">The scope hash that the reviewer saw.</param>
    /// <param name="Narrowing">What the reviewer removes before approving.</param>
    /// <param name="Ineligible">For an extension, why the requester may no longer have the rights, or why this cannot
    /// be determined; otherwise null.</param>
    public sealed record Review(
        Caller By,
        Verdict Verdict,
        string ScopeHash,
        string? Comment,
        DateTimeOffset Now,
        ScopeNarrowing? Narrowing = null,
        Rejection? Ineligible = null
    ) : AccessRequestCommand
    {
        /// <summary>
        /// The current groups of the reviewer and of the earlier reviewers in the directory. They are required for
        /// decisions that take effect at once: extensions and the conclusion of break-glass. A request is checked again
        /// when it is activated.
        /// </summary>
        public ReviewerFacts? Reviewers { get; init; }
    }

    public sealed record Withdraw(Caller By, string? Comment, DateTimeOffset Now) : AccessRequestCommand;

    public sealed record Relinquish(Caller By, string? Comment, DateTimeOffset Now) : AccessRequestCommand;

    public sealed record Revoke(Caller By, string? Comment, DateTimeOffset Now) : AccessRequestCommand;

    /// <param name="Duration">The additional duration.</param>
    /// <param name="Ineligible">Why the requester may no longer have the rights; otherwise null.</param>
    public sealed record Extend(Caller By, TimeSpan Duration, string Reason, string? Ineligible, DateTimeOffset Now)
        : AccessRequestCommand;

    /// <summary>A request for a token of the grant's service account.</summary>
    /// <param name="TokenEnds">When the token itself expires; null before it is issued.</param>
    public sealed record IssueCredential(Caller By, DateTimeOffset Now, DateTimeOffset? TokenEnds = null)
        : AccessRequestCommand;

    public sealed record Lapse(DateTimeOffset Now) : AccessRequestCommand;

    /// <param name="Eligibility">The result of the eligibility check.</param>
    /// <param name="CredentialNamespace">The namespace in the cluster for the service accounts of ephemeral
    /// grants.</param>
    /// <param name="Installation">The installation label of the grant's objects.</param>
    public sealed record DecideActivation(
        Eligibility Eligibility,
        DateTimeOffset Now,
        string? CredentialNamespace = null,
        string? Installation = null
    ) : AccessRequestCommand
    {
        /// <summary>
        /// The other grants of the same user name in the cluster whose rights it may hold. The write path reads them
        /// while no other of them can be activated.
        /// </summary>
        public IReadOnlyList<OtherGrant> Others { get; init; } = [];
    }

    public sealed record ConfirmActivation(
        DateTimeOffset ExpiresAt,
        IReadOnlyList<BindingRef> Bindings,
        DateTimeOffset Now
    ) : AccessRequestCommand;

    public sealed record DelayActivation(string Detail, DateTimeOffset Now) : AccessRequestCommand;

    public sealed record AbandonActivation(string Detail, DateTimeOffset Now) : AccessRequestCommand;

    public sealed record Expire(DateTimeOffset Now) : AccessRequestCommand;

    public sealed record DelayRevocation(string Detail, DateTimeOffset Now) : AccessRequestCommand;

    public sealed record ConfirmRevocation(DenialProof Proof, DateTimeOffset Now) : AccessRequestCommand;

    public sealed record ReportDrift(Drift Drift, DateTimeOffset Now) : AccessRequestCommand;

    /// <param name="Current">All rights that the role of the grant allows now, according to the cluster.</param>
    public sealed record CompareRights(IReadOnlyList<NamespacedRules> Current, DateTimeOffset Now)
        : AccessRequestCommand
    {
        private string? _basis;
        private RightsGrowth? _growth;

        /// <summary>
        /// Creates the command with a comparison made in advance, while no other write has to wait for it.
        /// </summary>
        public static CompareRights Foreseen(
            AccessRequest state,
            IReadOnlyList<NamespacedRules> current,
            DateTimeOffset now
        )
        {
            var command = new CompareRights(current, now);
            return command with
            {
                _basis = RightsGrowth.BasisOf(state.Rights, state.Unapproved),
                _growth = command.GrowthSince(state),
            };
        }

        internal RightsGrowth GrowthSince(AccessRequest state) =>
            _growth is { } foreseen && _basis == RightsGrowth.BasisOf(state.Rights, state.Unapproved)
                ? foreseen
                : RightsGrowth.Between(state.Rights, state.Unapproved, Current);
    }

    /// <summary>The first recorded action that certainly belongs to the grant.</summary>
    public sealed record RecordFirstUse(DateTimeOffset UsedAt, string Action, string Summary, DateTimeOffset Now)
        : AccessRequestCommand;

    public sealed record ConfirmNotification(IReadOnlyList<string> Groups, DateTimeOffset Now) : AccessRequestCommand;

    public sealed record MarkReviewOverdue(DateTimeOffset Now) : AccessRequestCommand;
}
