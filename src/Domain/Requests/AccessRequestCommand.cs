using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Rights;
using JitFunctions.Domain.Scopes;

namespace JitFunctions.Domain.Requests;

/// <summary>
/// Everything that can be asked of a request that exists. Time and identity come in with the command.
/// </summary>
public abstract record AccessRequestCommand
{
    private AccessRequestCommand() { }

    public abstract DateTimeOffset Now { get; init; }

    /// <summary>
    /// True for what takes rights away, or the prospect of them: it comes before everything else that is to be written.
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

    /// <summary>Of the request while it is pending, of an extension that waits, or of what break-glass did.</summary>
    /// <param name="ScopeHash">What the reviewer saw.</param>
    /// <param name="Narrowing">What the reviewer takes away before approving.</param>
    /// <param name="Ineligible">For an extension, why the requester may not go on having the rights, if so, or whether
    /// cannot be told.</param>
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
        /// What the directory says now of the reviewer and of those who reviewed before. What takes effect at once, an
        /// extension or the settlement of break-glass, is not decided without it; a request is judged again when it is
        /// activated.
        /// </summary>
        public ReviewerFacts? Reviewers { get; init; }
    }

    public sealed record Withdraw(Caller By, string? Comment, DateTimeOffset Now) : AccessRequestCommand;

    public sealed record Relinquish(Caller By, string? Comment, DateTimeOffset Now) : AccessRequestCommand;

    public sealed record Revoke(Caller By, string? Comment, DateTimeOffset Now) : AccessRequestCommand;

    /// <param name="Duration">By how much.</param>
    /// <param name="Ineligible">Why the requester may no longer have the rights, if so.</param>
    public sealed record Extend(Caller By, TimeSpan Duration, string Reason, string? Ineligible, DateTimeOffset Now)
        : AccessRequestCommand;

    /// <summary>For a token of the grant's service account.</summary>
    /// <param name="TokenEnds">When the token ends by itself; null before there is one.</param>
    public sealed record IssueCredential(Caller By, DateTimeOffset Now, DateTimeOffset? TokenEnds = null)
        : AccessRequestCommand;

    public sealed record Lapse(DateTimeOffset Now) : AccessRequestCommand;

    /// <param name="Judgement">What looking once more at all that the decision rested on has shown.</param>
    /// <param name="CredentialNamespace">Where the cluster keeps the service accounts of ephemeral grants.</param>
    /// <param name="Installation">With which label the grant's objects are made.</param>
    public sealed record BeginActivation(
        Eligibility Judgement,
        DateTimeOffset Now,
        string? CredentialNamespace = null,
        string? Installation = null
    ) : AccessRequestCommand;

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

    /// <param name="Current">All that the role of the grant allows now, as the cluster says.</param>
    public sealed record CompareRights(IReadOnlyList<NamespacedRules> Current, DateTimeOffset Now)
        : AccessRequestCommand
    {
        private string? _basis;
        private RightsGrowth? _growth;

        /// <summary>The comparison, made where nobody waits for it.</summary>
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

    public sealed record ConfirmNotification(IReadOnlyList<string> Groups, DateTimeOffset Now) : AccessRequestCommand;

    public sealed record MarkReviewOverdue(DateTimeOffset Now) : AccessRequestCommand;
}
