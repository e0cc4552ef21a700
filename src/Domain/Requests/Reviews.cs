using System.Diagnostics.CodeAnalysis;
using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Rights;
using JitFunctions.Domain.Scopes;
using static JitFunctions.Domain.Requests.AccessRequestCommand;
using Fact = JitFunctions.Domain.Requests.AccessRequestEvent;

namespace JitFunctions.Domain.Requests;

/// <summary>Decides about reviews of a request, of an extension, and of a break-glass use.</summary>
internal static class Reviews
{
    /// <summary>
    /// The maximum number of approvals of one request by one human; each narrowing is one. A denial is always accepted.
    /// </summary>
    private const int Most = 20;

    public static Decision OfRequest(AccessRequest state, Review review)
    {
        if (WhyNotReviewer(state, review) is { } why)
            return why;
        if (review.Now >= state.DecideBy)
            return Rejection.WrongState(
                RequestStatus.Pending,
                "The time to decide is over; the request lapses. Ask for a new one."
            );
        if (review.ScopeHash != state.ScopeHash)
            return Rejection.ScopeChanged(state.ScopeHash);
        if (review.Verdict is Verdict.Deny)
            return Decision.Accept(
                Given(state, review, state.ScopeHash),
                new Fact.Denied(review.By.Principal, review.Comment, review.Now)
            );
        return review.Narrowing is { } narrowing ? OfNarrowed(state, review, narrowing) : Approve(state, review, []);
    }

    public static Decision OfExtension(AccessRequest state, Review review)
    {
        var extension = state.Extension!;
        if (WhyNotReviewer(state, review) is { } why)
            return why;
        if (review.Now >= state.ExpiresAt)
            return Rejection.WrongState(state.Status, "The grant has expired; there is nothing to extend.");
        if (review.ScopeHash != extension.ScopeHash || review.Narrowing is not null)
            return Rejection.ScopeChanged(extension.ScopeHash);
        if (IsRepeated(extension.Reviews, review))
            return Decision.Nothing;
        if (review.Verdict is Verdict.Approve && state.Lost is [_, ..] lost)
            return Rejection.GrantIncomplete(lost.Select(one => one.DescribeSince()));
        if (review is { Verdict: Verdict.Approve, Ineligible: { } ineligible })
            return ineligible;

        var reviewed = new Fact.ExtensionReviewed(
            review.By.Principal,
            review.Verdict,
            review.Comment,
            review.Now,
            review.ScopeHash,
            ApproverGroups(state, review),
            review.By.OtherAccounts
        );
        // Denying an extension is safe, so it is possible even while group memberships cannot be determined.
        if (review.Verdict is Verdict.Deny)
            return Decision.Accept(reviewed, new Fact.ExtensionDenied(review.By.Principal, review.Comment, review.Now));
        if (!TryCount(state, review, extension.Reviews, reviewed.Groups, out var quorum, out var unknown))
            return unknown;
        reviewed = reviewed with { Lost = Subjects(quorum.Lost) };
        return quorum.IsMet == true
            ? Decision.Accept(reviewed, new Fact.Extended(state.ExpiresAt!.Value + extension.Duration, review.Now))
            : reviewed;
    }

    public static Decision OfBreakGlass(AccessRequest state, Review review)
    {
        var debt = state.PostReview!;
        if (IsRepeated(debt.Reviews, review))
            return Decision.Nothing;
        if (WhyNotReviewer(state, review) is { } why)
            return why;
        if (debt.IsConcluded)
            return Rejection.WrongState(
                state.Status,
                "The break-glass use has already been reviewed; another review has no effect."
            );
        if (review.ScopeHash != state.ScopeHash || review.Narrowing is not null)
            return Rejection.ScopeChanged(state.ScopeHash);

        // Either verdict is final for what was done without an approval. Therefore the review does not count unless it
        // is certain that the reviewer is an approver.
        var groups = ApproverGroups(state, review);
        if (!TryCount(state, review, debt.Reviews, groups, out var quorum, out var unknown))
            return unknown;

        // Being late is an event of its own, even if nobody noticed it before the review.
        IReadOnlyList<AccessRequestEvent> late =
            !debt.IsOverdue && review.Now >= debt.ReviewBy ? [new Fact.ReviewOverdue(review.Now)] : [];
        var reviewed = new Fact.BreakGlassReviewed(
            review.By.Principal,
            review.Verdict,
            review.Comment,
            review.Now,
            review.ScopeHash,
            groups,
            review.By.OtherAccounts,
            Subjects(quorum.Lost)
        );
        if (review.Verdict is Verdict.Deny)
        {
            List<AccessRequestEvent> condemned =
            [
                .. late,
                reviewed,
                new Fact.BreakGlassConcluded(Justified: false, review.Now),
            ];
            if (state.Status is RequestStatus.Approved or RequestStatus.Activating or RequestStatus.Active)
                condemned.Add(
                    new Fact.EndingStarted(EndingCause.Revoked, review.By.Principal, review.Comment, review.Now)
                );
            return Decision.Accept([.. condemned]);
        }

        return quorum.IsMet == true
            ? Decision.Accept([.. late, reviewed, new Fact.BreakGlassConcluded(Justified: true, review.Now)])
            : Decision.Accept([.. late, reviewed]);
    }

    private static Decision OfNarrowed(AccessRequest state, Review review, ScopeNarrowing narrowing)
    {
        var (terms, widens) = narrowing.Apply(state.Terms);
        if (terms is null)
            return Rejection.Widens(widens!);

        var rights = ScopeNarrowing.Left(state.Rights, terms.Scope);
        var hash = ScopeHash.Of(state.Requester, terms, rights, state.Policy);
        if (hash == state.ScopeHash)
            return Approve(state, review, []);
        var narrowed = new Fact.Narrowed(
            review.By.Principal,
            terms,
            rights,
            DangerousRights.In(rights, terms.Scope.Role?.Name),
            hash,
            review.Now
        );
        return Approve(AccessRequest.Evolve(state.Id, state, narrowed)!, review, [narrowed]);
    }

    private static Decision Approve(AccessRequest state, Review review, IReadOnlyList<AccessRequestEvent> before)
    {
        var earlier = state.CountingApprovals().ToList();
        if (IsRepeated(earlier, review with { ScopeHash = state.ScopeHash }))
            return Decision.Nothing;
        if (state.Reviews.Count(given => given.IsBy(review.By)) >= Most)
            return Rejection.TooManyReviews(Most);

        var reviewed = Given(state, review, state.ScopeHash);
        return IsQuorum(state, earlier, reviewed.Groups!)
            ? Decision.Accept([
                .. before,
                reviewed,
                AccessRequestDecider.Approve(state.Terms, automatic: false, review.Now),
            ])
            : Decision.Accept([.. before, reviewed]);
    }

    private static Fact.Reviewed Given(AccessRequest state, Review review, string scopeHash) =>
        new(
            review.By.Principal,
            review.Verdict,
            review.Comment,
            review.Now,
            scopeHash,
            ApproverGroups(state, review),
            review.By.OtherAccounts
        );

    private static Rejection? WhyNotReviewer(AccessRequest state, Review review) =>
        state.MayBeRequestedBy(review.By) ? Rejection.SelfReview
        : review.By.IsAdministrator || review.Reviewers?.IsAdministrator(review.By) == true
            ? Rejection.AdministratorReview
        : !review.By.IsInAny(state.Policy.ApproverGroups) ? Rejection.NotAnApprover(state.Policy.ApproverGroups)
        // The token may name a group that the reviewer has left since it was issued. If this cannot be determined, the
        // decisions below handle it.
        : ApproverGroups(state, review) is [] ? Rejection.NoLongerAnApprover(state.Policy.ApproverGroups)
        : null;

    /// <summary>
    /// Counts the earlier reviews and this one, according to the current groups of all reviewers in the directory.
    /// </summary>
    /// <param name="unknown">Set when the result cannot be determined; then nothing is decided.</param>
    private static bool TryCount(
        AccessRequest state,
        Review review,
        IReadOnlyList<GivenReview> earlier,
        IReadOnlyList<string> groups,
        [NotNullWhen(true)] out QuorumNow? quorum,
        [NotNullWhen(false)] out Rejection? unknown
    )
    {
        (quorum, unknown) = (null, null);
        if (review.Reviewers is not { } facts || facts.MayReviewAs(state, review.By.Principal, groups) is null)
        {
            unknown = Unknown(review.By.Principal, review.Reviewers);
            return false;
        }

        var given = new GivenReview(review.By.Principal, review.Verdict, review.ScopeHash, groups)
        {
            OtherAccounts = review.By.OtherAccounts,
        };
        quorum = QuorumNow.Of(state, [.. earlier, given], facts);
        unknown = quorum.IsMet is null && review.Verdict is Verdict.Approve ? Unknown(quorum.Unknown!, facts) : null;
        return unknown is null;
    }

    private static Rejection Unknown(Principal reviewer, ReviewerFacts? facts) =>
        Rejection.ReviewerUnknown(facts?.Failure ?? $"whether {reviewer.Username} may decide now");

    private static IReadOnlyList<string>? Subjects(IReadOnlyList<Principal> lost) =>
        lost is [] ? null : [.. lost.Select(by => by.Subject)];

    // The same human again, with any of their accounts.
    private static bool IsRepeated(IEnumerable<GivenReview> earlier, Review review) =>
        earlier.Any(given =>
            given.IsBy(review.By) && given.Verdict == review.Verdict && given.ScopeHash == review.ScopeHash
        );

    // The approver groups in the token that are also in the directory, if the directory has an answer.
    private static IReadOnlyList<string> ApproverGroups(AccessRequest state, Review review)
    {
        IReadOnlyList<string> said = [.. state.Policy.ApproverGroups.Intersect(review.By.Groups)];
        return review.Reviewers?.Groups.GetValueOrDefault(review.By.Principal.Subject) is { } now
            ? [.. said.Intersect(now)]
            : said;
    }

    // Every earlier review here is an approval by another human: a denial would have ended the request.
    private static bool IsQuorum(AccessRequest state, IEnumerable<GivenReview> earlier, IReadOnlyList<string> groups) =>
        Quorum.Lacking(state.Policy.ApprovalRequirements(), [.. earlier.Select(given => given.Groups), groups]) is [];
}
