using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Policies;

namespace JitFunctions.Domain.Requests;

/// <summary>
/// Judges a request once more when its rights are about to be applied: a scheduled start may be a week after the
/// decision.
/// </summary>
public static class ActivationCheck
{
    public static ActivationJudgement Judge(AccessRequest request, ActivationFacts facts, DateTimeOffset now)
    {
        if (facts.RequesterGone is { } gone)
            return new ActivationJudgement.Refuse(gone);
        if (
            facts.Policies is not { } policies
            || facts.RequesterGroups is not { } groups
            || facts.Cluster.Rights is null
        )
            return new ActivationJudgement.NotYet(
                facts.Trouble ?? facts.Cluster.Trouble ?? "Not all that the decision rested on can be read."
            );

        var requester = new Caller(request.Requester, groups)
        {
            OtherAccounts = policies.Accounts.OthersOf(request.Requester.Username),
        };
        if (WhyNotStill(request, policies, requester, facts.Cluster) is { } excess)
            return excess.IsUnresolved
                ? new ActivationJudgement.NotYet(excess.Message)
                : new ActivationJudgement.Refuse(excess.Message);
        if (request.Policy.Hours is { } unknown && !unknown.IsKnown())
            return new ActivationJudgement.NotYet($"The time zone {unknown.TimeZone} is not known here.");
        if (request.Policy.Hours is { } hours && hours.OpenUntil(now) is null)
            return new ActivationJudgement.Refuse($"Rights of policy {request.Policy.Name} exist only in {hours}.");

        return JudgeReviewers(request, facts) ?? new ActivationJudgement.Go(request.ScopeHash);
    }

    /// <summary>Why somebody may not have, or not go on having, what was decided about; null when they may.</summary>
    /// <param name="policies">Of the version under which the request was made.</param>
    public static Excess? WhyNotStill(
        AccessRequest request,
        PolicySet policies,
        Caller requester,
        ClusterFacts facts
    ) =>
        policies.WhyNotEligible(requester, request.Policy.Name, request.Terms.Scope, facts)
        ?? (
            ScopeHash.Of(request.Requester, request.Terms, facts.Rights!, request.Policy) == request.ScopeHash
                ? null
                : new(
                    "roles",
                    $"{request.Terms.Scope.Describe()} no longer allows what it did when it was decided about: "
                        + "ask again."
                )
        );

    private static ActivationJudgement? JudgeReviewers(AccessRequest request, ActivationFacts facts)
    {
        if (!request.NeedsReviews)
            return null;
        var reviewers = new ReviewerFacts(facts.Policies!, facts.ReviewerGroups, facts.Trouble)
        {
            LinkedGroups = facts.LinkedGroups,
        };
        var quorum = QuorumNow.Of(request, [.. request.CountingApprovals()], reviewers);
        return quorum.IsMet switch
        {
            true => null,
            null => new ActivationJudgement.NotYet(
                facts.Trouble ?? $"Whether {quorum.Unknown!.Username} may still approve cannot be told."
            ),
            false => new ActivationJudgement.ReviewersLost(
                [.. quorum.Lost.Select(by => by.Subject)],
                $"{string.Join(", ", quorum.Lost.Select(by => by.Username))} may no longer approve this."
            ),
        };
    }
}
