using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Policies;

namespace JitFunctions.Domain.Requests;

/// <summary>Judges a request once more when its rights are about to be applied: a scheduled start may be a week after the decision.</summary>
public static class ActivationCheck
{
    public static ActivationJudgement Judge(AccessRequest request, ActivationFacts facts, DateTimeOffset now)
    {
        if (facts.RequesterGone is { } gone)
            return new ActivationJudgement.Refuse(gone);
        if (facts.Policies is not { } policies || facts.RequesterGroups is not { } groups || facts.Cluster.Rights is null)
            return new ActivationJudgement.NotYet(facts.Trouble ?? facts.Cluster.Trouble ?? "Not all that the decision rested on can be read.");

        var requester = new Caller(request.Requester, groups) { OtherAccounts = policies.Accounts.OthersOf(request.Requester.Username) };
        if (WhyNotStill(request, policies, requester, facts.Cluster) is { } excess)
            return excess.IsUnresolved ? new ActivationJudgement.NotYet(excess.Message) : new ActivationJudgement.Refuse(excess.Message);
        if (request.Policy.Hours is { } unknown && !unknown.IsKnown())
            return new ActivationJudgement.NotYet($"The time zone {unknown.TimeZone} is not known here.");
        if (request.Policy.Hours is { } hours && hours.OpenUntil(now) is null)
            return new ActivationJudgement.Refuse($"Rights of policy {request.Policy.Name} exist only in {hours}.");

        return JudgeReviewers(request, facts) ?? new ActivationJudgement.Go(request.ScopeHash);
    }

    /// <summary>Why somebody may not have, or not go on having, what was decided about; null when they may.</summary>
    /// <param name="policies">Of the version under which the request was made.</param>
    public static Excess? WhyNotStill(AccessRequest request, PolicySet policies, Caller requester, ClusterFacts facts) =>
        policies.WhyNotEligible(requester, request.Policy.Name, request.Terms.Scope, facts)
        ?? (ScopeHash.Of(request.Requester, request.Terms, facts.Rights!, request.Policy) == request.ScopeHash ? null
            : new("roles", $"{request.Terms.Scope.Describe()} no longer allows what it did when it was decided about: ask again."));

    private static ActivationJudgement? JudgeReviewers(AccessRequest request, ActivationFacts facts)
    {
        if (!request.NeedsReviews)
            return null;
        var approvals = request.CountingApprovals().Select(review => (Review: review, Groups: StillApproving(review, request, facts))).ToList();
        if (IsQuorum(approvals.Select(approval => approval.Groups ?? [])))
            return null;
        // Would it be enough if all those were still approvers of whom nobody can tell?
        if (IsQuorum(approvals.Select(approval => approval.Groups ?? approval.Review.Groups)))
        {
            var unknown = approvals.First(approval => approval.Groups is null).Review.By;
            return new ActivationJudgement.NotYet(facts.Trouble ?? $"Whether {unknown.Username} may still approve cannot be told.");
        }

        var lost = approvals.Where(approval => approval.Groups?.Count < approval.Review.Groups.Count).Select(approval => approval.Review.By).ToList();
        return new ActivationJudgement.ReviewersLost(
            [.. lost.Select(by => by.Subject)], $"{string.Join(", ", lost.Select(by => by.Username))} may no longer approve this.");

        bool IsQuorum(IEnumerable<IReadOnlyList<string>> groups) => Quorum.Lacking(request.Policy.ApprovalRequirements(), [.. groups]) is [];
    }

    /// <summary>Never more groups than the review was given with: what somebody joined since was not what they approved as.</summary>
    /// <returns>Null when it cannot be told.</returns>
    private static IReadOnlyList<string>? StillApproving(GivenReview review, AccessRequest request, ActivationFacts facts)
    {
        if (facts.ReviewerGroups.GetValueOrDefault(review.By.Subject) is not { } groups)
            return null;
        var caller = facts.Policies!.Know(new Caller(review.By, groups));
        return caller.IsAdministrator || request.IsRequestedBy(caller) ? [] : [.. review.Groups.Intersect(caller.Groups)];
    }
}
