using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Rights;
using static JitFunctions.Domain.Requests.AccessRequestCommand;
using Fact = JitFunctions.Domain.Requests.AccessRequestEvent;

namespace JitFunctions.Domain.Requests;

/// <summary>What a review leads to: of a request, of an extension, and of what was done by break-glass.</summary>
internal static class Reviews
{
    /// <summary>Of one human, of one request: each narrowing is one. A denial is always heard.</summary>
    private const int Most = 20;

    public static Decision OfRequest(AccessRequest state, Review review)
    {
        if (WhyNotReviewer(state, review) is { } why)
            return why;
        if (review.Now >= state.DecideBy)
            return Rejection.WrongState(RequestStatus.Pending, "The time to decide is over; the request lapses. Ask for a new one.");
        if (review.ScopeHash != state.ScopeHash)
            return Rejection.ScopeChanged(state.ScopeHash);
        if (review.Verdict is Verdict.Deny)
            return Decision.Accept(Given(state, review, state.ScopeHash), new Fact.Denied(review.By.Principal, review.Comment, review.Now));
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
            return Rejection.GrantIncomplete(lost);
        if (review is { Verdict: Verdict.Approve, Ineligible: { } ineligible })
            return ineligible;

        var reviewed = new Fact.ExtensionReviewed(
            review.By.Principal, review.Verdict, review.Comment, review.Now, review.ScopeHash, ApproverGroups(state, review), review.By.OtherAccounts);
        if (review.Verdict is Verdict.Deny)
            return Decision.Accept(reviewed, new Fact.ExtensionDenied(review.By.Principal, review.Comment, review.Now));
        return IsQuorum(state, extension.Reviews, reviewed.Groups)
            ? Decision.Accept(reviewed, new Fact.Extended(state.ExpiresAt!.Value + extension.Duration, review.Now))
            : reviewed;
    }

    public static Decision OfBreakGlass(AccessRequest state, Review review)
    {
        var debt = state.Debt!;
        if (IsRepeated(debt.Reviews, review))
            return Decision.Nothing;
        if (WhyNotReviewer(state, review) is { } why)
            return why;
        if (debt.IsSettled)
            return Rejection.WrongState(state.Status, "The review that was owed has been given; another changes nothing any more.");
        if (review.ScopeHash != state.ScopeHash || review.Narrowing is not null)
            return Rejection.ScopeChanged(state.ScopeHash);

        // That it is late is a fact of its own, even where nobody has noticed before the review came after all.
        IReadOnlyList<AccessRequestEvent> late = !debt.IsOverdue && review.Now >= debt.ReviewBy ? [new Fact.ReviewOverdue(review.Now)] : [];
        var reviewed = new Fact.AfterReviewed(
            review.By.Principal, review.Verdict, review.Comment, review.Now, review.ScopeHash, ApproverGroups(state, review), review.By.OtherAccounts);
        if (review.Verdict is Verdict.Deny)
        {
            List<AccessRequestEvent> condemned = [.. late, reviewed, new Fact.BreakGlassSettled(Justified: false, review.Now)];
            if (state.Status is RequestStatus.Approved or RequestStatus.Activating or RequestStatus.Active)
                condemned.Add(new Fact.EndingStarted(EndingCause.Revoked, review.By.Principal, review.Comment, review.Now));
            return Decision.Accept([.. condemned]);
        }

        return IsQuorum(state, debt.Reviews, reviewed.Groups)
            ? Decision.Accept([.. late, reviewed, new Fact.BreakGlassSettled(Justified: true, review.Now)])
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
        var narrowed = new Fact.Narrowed(review.By.Principal, terms, rights, DangerousRights.In(rights, terms.Scope.Role?.Name), hash, review.Now);
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
            ? Decision.Accept([.. before, reviewed, AccessRequestDecider.Approve(state.Terms, automatic: false, review.Now)])
            : Decision.Accept([.. before, reviewed]);
    }

    private static Fact.Reviewed Given(AccessRequest state, Review review, string scopeHash) => new(
        review.By.Principal, review.Verdict, review.Comment, review.Now, scopeHash, ApproverGroups(state, review), review.By.OtherAccounts);

    private static Rejection? WhyNotReviewer(AccessRequest state, Review review) =>
        state.IsRequestedBy(review.By) ? Rejection.SelfReview
        : review.By.IsAdministrator ? Rejection.AdministratorReview
        : review.By.IsInAny(state.Policy.ApproverGroups) ? null
        : Rejection.NotAnApprover(state.Policy.ApproverGroups);

    // The same human again, under whichever account.
    private static bool IsRepeated(IEnumerable<GivenReview> earlier, Review review) =>
        earlier.Any(given => given.IsBy(review.By) && given.Verdict == review.Verdict && given.ScopeHash == review.ScopeHash);

    private static IReadOnlyList<string> ApproverGroups(AccessRequest state, Review review) => [.. state.Policy.ApproverGroups.Intersect(review.By.Groups)];

    // Every earlier review here is an approval by another human: a denial would have ended it.
    private static bool IsQuorum(AccessRequest state, IEnumerable<GivenReview> earlier, IReadOnlyList<string> groups) =>
        Quorum.Lacking(state.Policy.ApprovalRequirements(), [.. earlier.Select(given => given.Groups), groups]) is [];
}
