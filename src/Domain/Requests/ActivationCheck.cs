using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Rights;

namespace JitFunctions.Domain.Requests;

/// <summary>Judges a request once more when its rights are about to be applied: a scheduled start may be a week after the decision.</summary>
public static class ActivationCheck
{
    public static ActivationJudgement Judge(AccessRequest request, ActivationFacts facts, DateTimeOffset now)
    {
        if (facts.Policies is not { } policies || facts.RequesterGroups is not { } groups || facts.Cluster.Rights is not { } rights)
            return new ActivationJudgement.NotYet(facts.Trouble ?? facts.Cluster.Trouble ?? "Not all that the decision rested on can be read.");

        var requester = new Caller(request.Requester, groups) { OtherAccounts = policies.Accounts.OthersOf(request.Requester.Username) };
        if (policies.WhyNotEligible(requester, request.Policy.Name, request.Terms.Scope, facts.Cluster) is { } excess)
            return excess.IsUnresolved ? new ActivationJudgement.NotYet(excess.Message) : new ActivationJudgement.Refuse(excess.Message);
        if (request.Policy.Hours is { } unknown && !unknown.IsKnown())
            return new ActivationJudgement.NotYet($"The time zone {unknown.TimeZone} is not known here.");
        if (request.Policy.Hours is { } hours && hours.OpenUntil(now) is null)
            return new ActivationJudgement.Refuse($"Rights of policy {request.Policy.Name} exist only in {hours}.");
        if (WhyNotTheSame(request, rights) is { } changed)
            return new ActivationJudgement.Refuse(changed);

        return JudgeReviewers(request, facts) ?? new ActivationJudgement.Go(request.ScopeHash);
    }

    /// <summary>What to say when the rights are no longer those that were decided about; null when they are.</summary>
    public static string? WhyNotTheSame(AccessRequest request, IReadOnlyList<PlacedRules> rights) =>
        ScopeHash.Of(request.Requester, request.Terms, rights, request.Policy.Version) == request.ScopeHash
            ? null
            : $"{request.Terms.Scope.Describe()} no longer allows what it did when it was decided about: ask again.";

    private static ActivationJudgement? JudgeReviewers(AccessRequest request, ActivationFacts facts)
    {
        if (!request.NeedsReviews)
            return null;
        var approvals = request.CountingApprovals().ToList();
        if (approvals.FirstOrDefault(review => facts.ReviewerGroups.GetValueOrDefault(review.By.Subject) is null) is { } unknown)
            return new ActivationJudgement.NotYet(facts.Trouble ?? $"Whether {unknown.By.Username} may still approve cannot be told.");

        var standing = approvals.Select(review => (review.By, Groups: StillApproving(review, request, facts))).ToList();
        if (Quorum.Lacking(request.Policy.ApprovalRequirements(), [.. standing.Select(reviewer => reviewer.Groups)]) is [])
            return null;
        var lost = approvals.Zip(standing).Where(pair => pair.Second.Groups.Count < pair.First.Groups.Count).Select(pair => pair.First.By).ToList();
        return new ActivationJudgement.ReviewersLost(
            [.. lost.Select(by => by.Subject)], $"{string.Join(", ", lost.Select(by => by.Username))} may no longer approve this.");
    }

    // Never more groups than the review was given with: what somebody joined since was not what they approved as.
    private static IReadOnlyList<string> StillApproving(GivenReview review, AccessRequest request, ActivationFacts facts)
    {
        var caller = facts.Policies!.Know(new Caller(review.By, facts.ReviewerGroups[review.By.Subject]!));
        return caller.IsAdministrator || caller.Is(request.Requester) ? [] : [.. review.Groups.Intersect(caller.Groups)];
    }
}
