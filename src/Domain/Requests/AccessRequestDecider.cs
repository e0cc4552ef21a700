using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Rights;
using JitFunctions.Domain.Scopes;
using JitFunctions.Domain.Text;
using static JitFunctions.Domain.Requests.AccessRequestCommand;
using Fact = JitFunctions.Domain.Requests.AccessRequestEvent;
using Status = JitFunctions.Domain.Scopes.RequestStatus;

namespace JitFunctions.Domain.Requests;

/// <summary>
/// The rules of a request as one table. A command that repeats what has already happened is accepted and changes
/// nothing.
/// </summary>
public static class AccessRequestDecider
{
    /// <summary>
    /// How long the activation is attempted, after the approval or the scheduled start, before it is abandoned.
    /// </summary>
    public static readonly TimeSpan ActivationWindow = TimeSpan.FromHours(1);

    /// <summary>Returns the first events of a request that a policy covers.</summary>
    /// <param name="rights">All rights that the scope gives, according to the cluster.</param>
    /// <param name="held">The rights among them that the requester already has. This has no influence on the
    /// decision.</param>
    public static IReadOnlyList<AccessRequestEvent> Open(
        Caller requester,
        RequestTerms terms,
        PolicySnapshot policy,
        IReadOnlyList<NamespacedRules> rights,
        IReadOnlyList<DangerousRight> dangers,
        string fingerprint,
        DateTimeOffset now,
        AlreadyHeld? held = null
    )
    {
        var reviewWithin = terms.BreakGlass ? policy.ReviewWithin : null;
        var requested = new Fact.Requested(
            requester.Principal,
            requester.Groups,
            terms,
            policy,
            now + policy.PendingWindow,
            fingerprint,
            now,
            rights,
            dangers,
            ScopeHash.Of(requester.Principal, terms, rights, policy),
            now + reviewWithin,
            requester.OtherAccounts,
            held
        );
        return policy.Automatic || reviewWithin is not null
            ?
            [
                requested,
                Approve(terms, automatic: policy.Automatic, now) with
                {
                    BreakGlass = reviewWithin is null ? null : true,
                },
            ]
            : [requested];
    }

    public static Decision Decide(AccessRequest state, AccessRequestCommand command) =>
        AlterationLimit.Apply(state, ByStatus(state, Shortened(command)), command.Now);

    // Every command reads all events of its request. Therefore text whose length others control must not get into an
    // event unlimited.
    private static AccessRequestCommand Shortened(AccessRequestCommand command) =>
        command switch
        {
            ReportDrift c => c with { Drift = c.Drift.Shortened() },
            ConfirmRevocation c => c with { Proof = c.Proof.Shortened() },
            DelayActivation c => c with { Detail = ShortText.Detail(c.Detail) },
            AbandonActivation c => c with { Detail = ShortText.Detail(c.Detail) },
            DelayRevocation c => c with { Detail = ShortText.Detail(c.Detail) },
            _ => command,
        };

    private static Decision ByStatus(AccessRequest state, AccessRequestCommand command) =>
        (command, state.Status) switch
        {
            (Review c, Status.Pending) => Reviews.OfRequest(state, c),
            (Review c, _) when HasGiven(state.PastReviews, c) => Decision.Nothing,
            (Review c, Status.Active) when state.Extension is not null => Reviews.OfExtension(state, c),
            (
                Review c,
                Status.Approved
                    or Status.Activating
                    or Status.Active
                    or Status.Ending
                    or Status.Ended
                    or Status.Failed
                    or Status.Withdrawn
            ) when state.PostReview is not null => Reviews.OfBreakGlass(state, c),
            (Review c, _) when HasGiven(state.Reviews, c) => Decision.Nothing,
            (Review, var status) => Rejection.WrongState(
                status,
                "The decision has already been made; a review no longer has any effect."
            ),

            (Withdraw c, _) when !state.BelongsTo(c.By) => Rejection.NotTheRequester,
            (Withdraw c, Status.Pending or Status.Approved) => new Fact.Withdrawn(c.By.Principal, c.Comment, c.Now),
            (Withdraw c, Status.Activating) => new Fact.EndingStarted(
                EndingCause.Withdrawn,
                c.By.Principal,
                c.Comment,
                c.Now
            ),
            (Withdraw, Status.Withdrawn) => Decision.Nothing,
            (Withdraw, Status.Ending) when state.Ending!.Cause is EndingCause.Withdrawn => Decision.Nothing,
            (Withdraw, Status.Active) => Rejection.WrongState(
                Status.Active,
                "The grant is active: relinquish it instead."
            ),
            (Withdraw, var status) => Rejection.WrongState(status, "There is nothing left to withdraw."),

            (Relinquish c, _) when !state.BelongsTo(c.By) => Rejection.NotTheRequester,
            (Relinquish c, Status.Active) => new Fact.EndingStarted(
                EndingCause.Relinquished,
                c.By.Principal,
                c.Comment,
                c.Now
            ),
            (Relinquish, Status.Ending or Status.Ended) => Decision.Nothing,
            (Relinquish, Status.Pending or Status.Approved or Status.Activating) => Rejection.WrongState(
                state.Status,
                "The grant is not active yet: withdraw the request instead."
            ),
            (Relinquish, var status) => Rejection.WrongState(status, "There is no grant to relinquish."),

            (Revoke c, _) when !MayRevoke(state, c.By) => Rejection.MayNotRevoke,
            (Revoke c, Status.Approved or Status.Activating or Status.Active) => new Fact.EndingStarted(
                EndingCause.Revoked,
                c.By.Principal,
                c.Comment,
                c.Now
            ),
            (Revoke, Status.Ending or Status.Ended) => Decision.Nothing,
            (Revoke, Status.Pending) => Rejection.WrongState(
                Status.Pending,
                "Nothing is granted yet: deny the request instead."
            ),
            (Revoke, var status) => Rejection.WrongState(status, "There is no grant to revoke."),

            // No linked account: eligibility is checked for the account that holds the grant.
            (Extend c, _) when c.By.Principal != state.Requester => Rejection.NotTheRequester,
            (Extend c, Status.Active) => GrantExtension.Of(state, c),
            (Extend, var status) => Rejection.WrongState(status, "Only an active grant can be extended."),

            // Only this account: linked accounts may act for the requester, but do not get the rights.
            (IssueCredential c, _) when c.By.Principal != state.Requester => Rejection.NotTheAccount,
            (IssueCredential, _) when !state.IsEphemeral => Rejection.NoCredential,
            (IssueCredential c, Status.Active) when c.Now < state.ExpiresAt => new Fact.CredentialIssued(
                c.By.Principal,
                state.GoodUntil(c.TokenEnds),
                c.Now
            ),
            (IssueCredential, Status.Pending or Status.Approved or Status.Activating) => Rejection.WrongState(
                state.Status,
                "The grant is not active yet: wait for it."
            ),
            (IssueCredential, var status) => Rejection.WrongState(status, "The grant is over: ask for a new one."),

            (Lapse c, Status.Pending) when c.Now >= state.DecideBy => new Fact.Lapsed(c.Now),
            (Lapse, _) => Decision.Nothing,

            (DecideActivation c, Status.Approved) when c.Now < state.Terms.Start => Decision.Nothing,
            (DecideActivation c, Status.Approved or Status.Activating) when c.Now >= state.ActivateBy => Abandon(
                "It could not be activated in time.",
                c.Now
            ),
            (DecideActivation c, Status.Approved or Status.Activating) => Begin(state, c),
            (DelayActivation c, Status.Activating) => Delay(state, c.Detail, c.Now),
            (AbandonActivation c, Status.Approved or Status.Activating) => Abandon(c.Detail, c.Now),
            (ConfirmActivation c, Status.Activating) => Confirm(state, c),
            (DecideActivation or DelayActivation or AbandonActivation or ConfirmActivation, _) => Decision.Nothing,

            (Expire c, Status.Active) when c.Now >= state.ExpiresAt => new Fact.EndingStarted(
                EndingCause.Expired,
                Principal.System,
                null,
                c.Now
            ),
            (Expire, _) => Decision.Nothing,

            (DelayRevocation c, Status.Ending) => DecideDelay(state, c),
            (ConfirmRevocation c, Status.Ending) => Close(state.Ending!, c),
            (DelayRevocation or ConfirmRevocation, _) => Decision.Nothing,

            // The objects of a grant that is not active are expected to be missing.
            (ReportDrift { Drift.Kind: DriftKind.Missing } c, var status)
                when status is not Status.Active || c.Now >= state.ExpiresAt => Decision.Nothing,
            (ReportDrift { Drift: { Kind: DriftKind.Missing } drift }, _) when state.Lost.Any(drift.IsAbout) =>
                Decision.Nothing,
            (ReportDrift { Drift: { Kind: DriftKind.Returned } drift }, _) when !state.Lost.Any(drift.MayBeAbout) =>
                Decision.Nothing,
            (ReportDrift { Drift: var drift }, _) when state.Unremedied.Contains(drift) => Decision.Nothing,
            (ReportDrift c, _) => new Fact.DriftFound(c.Drift, c.Now),

            (CompareRights c, Status.Active) => RoleChanges.Of(state, c),
            (CompareRights, _) => Decision.Nothing,

            // Also after the end: the audit log may arrive late.
            (RecordFirstUse c, _) when state is { ActivationStartedAt: not null, FirstUsedAt: null } =>
                new Fact.FirstUsed(c.UsedAt, c.Action, ShortText.Detail(c.Summary), c.Now),
            (RecordFirstUse, _) => Decision.Nothing,

            (ConfirmNotification c, _) when state.PostReview is { IsNotified: false } => new Fact.ApproversNotified(
                c.Groups,
                c.Now
            ),
            (MarkReviewOverdue c, _)
                when state.PostReview is { IsConcluded: false, IsOverdue: false } debt && c.Now >= debt.ReviewBy =>
                new Fact.ReviewOverdue(c.Now),
            (ConfirmNotification or MarkReviewOverdue, _) => Decision.Nothing,

            _ => throw new ArgumentOutOfRangeException(nameof(command), command, "No rule handles this command."),
        };

    internal static Fact.Approved Approve(RequestTerms terms, bool automatic, DateTimeOffset now) =>
        new(automatic, (terms.Start is { } start && start > now ? start : now) + ActivationWindow, now);

    private static Decision Begin(AccessRequest state, DecideActivation command) =>
        (
            command.Eligibility is Eligibility.Go && state.Status is Status.Approved
                ? GrantOverlap.AtActivation(state, command.Others, command.Now) ?? command.Eligibility
                : command.Eligibility,
            state.Status
        ) switch
        {
            (Eligibility.Go go, Status.Approved) when go.ScopeHash == state.ScopeHash => new Fact.ActivationStarted(
                command.Now,
                state.IsEphemeral && command.CredentialNamespace is { } ns ? ServiceAccountRef.For(state.Id, ns) : null,
                command.Installation
            ),
            (Eligibility.Go, _) => Decision.Nothing,
            (Eligibility.NotYet notYet, _) => Delay(state, notYet.Detail, command.Now),
            (Eligibility.ReviewersLost lost, Status.Approved) when state.NeedsReviews => new Fact.ApprovalVoided(
                lost.Reviewers,
                ShortText.Detail(lost.Detail),
                command.Now + state.Policy.PendingWindow,
                command.Now
            ),
            (Eligibility.ReviewersLost lost, _) => Abandon(lost.Detail, command.Now),
            (Eligibility.Refuse refuse, _) => Abandon(refuse.Detail, command.Now),
            _ => throw new ArgumentOutOfRangeException(nameof(command), command, "No rule handles this result."),
        };

    // The expiry can be earlier than computed here, never later. The grant may also have expired while the cluster was
    // busy.
    private static AccessRequestEvent Confirm(AccessRequest state, ConfirmActivation command)
    {
        var longest = state.Policy.ExpiryOf(state.Terms.Duration, command.Now);
        var expiresAt = command.ExpiresAt < longest ? command.ExpiresAt : longest;
        return expiresAt > command.Now
            ? new Fact.Activated(expiresAt, command.Bindings, command.Now)
            : Abandon("The grant expired before all of its objects were applied.", command.Now);
    }

    private static Fact.ActivationDelayed Delay(AccessRequest state, string detail, DateTimeOffset now) =>
        new(state.FailedAttempts + 1, ShortText.Detail(detail), now);

    private static Fact.EndingStarted Abandon(string detail, DateTimeOffset now) =>
        new(EndingCause.ActivationFailed, Principal.System, ShortText.Detail(detail), now);

    private static Fact.RevocationDelayed DecideDelay(AccessRequest state, DelayRevocation command)
    {
        var attempt = state.FailedAttempts + 1;
        return new(attempt, Alarms.For(attempt, command.Now - state.Ending!.At), command.Detail, command.Now);
    }

    private static AccessRequestEvent Close(EndingDetails ending, ConfirmRevocation command) =>
        ending.Cause switch
        {
            EndingCause.Withdrawn => new Fact.Withdrawn(ending.By, ending.Comment, command.Now, command.Proof),
            EndingCause.ActivationFailed => new Fact.Failed(
                ending.Comment ?? "Activation failed.",
                command.Now,
                command.Proof
            ),
            _ => new Fact.Ended(ending.Cause, command.Proof, command.Now),
        };

    private static bool HasGiven(IEnumerable<GivenReview> reviews, Review review) =>
        reviews.Any(given =>
            given.By == review.By.Principal && given.Verdict == review.Verdict && given.ScopeHash == review.ScopeHash
        );

    private static bool MayRevoke(AccessRequest state, Caller caller) =>
        caller.IsAdministrator || caller.IsInAny(state.Policy.ApproverGroups);
}
