using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Policies;

namespace JitFunctions.Domain.Requests;

/// <summary>
/// Checks a request again right before its rights are applied: a scheduled start may be a week after the approval.
/// </summary>
public static class EligibilityCheck
{
    public static Eligibility Decide(AccessRequest request, EligibilityFacts facts, DateTimeOffset now)
    {
        if (facts.RequesterGone is { } gone)
            return new Eligibility.Refuse(gone);
        if (
            facts.Policies is not { } policies
            || facts.RequesterGroups is not { } groups
            || facts.Cluster.Rights is null
        )
            return new Eligibility.NotYet(
                facts.Failure ?? facts.Cluster.Failure ?? "Some of the facts for the decision cannot be read."
            );

        var requester = new Caller(request.Requester, groups)
        {
            OtherAccounts = policies.Accounts.OthersOf(request.Requester.Username),
        };
        if (WhyNotStill(request, policies, requester, facts.Cluster) is { } mismatch)
            return mismatch.IsUnresolved
                ? new Eligibility.NotYet(mismatch.Message)
                : new Eligibility.Refuse(mismatch.Message);
        if (request.Policy.Hours is { } unknown && !unknown.IsKnown())
            return new Eligibility.NotYet($"The time zone {unknown.TimeZone} is not known here.");
        if (request.Policy.Hours is { } hours && hours.OpenUntil(now) is null)
            return new Eligibility.Refuse($"Rights of policy {request.Policy.Name} exist only in {hours}.");

        return CheckReviewers(request, facts) ?? new Eligibility.Go(request.ScopeHash);
    }

    /// <summary>
    /// Returns the reason why somebody may not get, or may not keep, what was approved; null if they may.
    /// </summary>
    /// <param name="policies">The policies of the version under which the request was made.</param>
    public static PolicyMismatch? WhyNotStill(
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

    private static Eligibility? CheckReviewers(AccessRequest request, EligibilityFacts facts)
    {
        if (!request.NeedsReviews)
            return null;
        var reviewers = new ReviewerFacts(facts.Policies!, facts.ReviewerGroups, facts.Failure)
        {
            LinkedGroups = facts.LinkedGroups,
        };
        var quorum = QuorumNow.Of(request, [.. request.CountingApprovals()], reviewers);
        return quorum.IsMet switch
        {
            true => null,
            null => new Eligibility.NotYet(
                facts.Failure ?? $"Whether {quorum.Unknown!.Username} may still approve cannot be told."
            ),
            false => new Eligibility.ReviewersLost(
                [.. quorum.Lost.Select(by => by.Subject)],
                $"{string.Join(", ", quorum.Lost.Select(by => by.Username))} may no longer approve this."
            ),
        };
    }
}
