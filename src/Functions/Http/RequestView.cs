using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Requests;
using JitFunctions.Projections;

namespace JitFunctions.Functions.Http;

/// <summary>A request as the API shows it; docs/api.md describes it.</summary>
internal sealed record RequestView(
    string Id, long Version, RequestStatus Status, Principal Requester, string Cluster, IReadOnlyList<string> Namespaces, bool ClusterWide,
    RoleRef Role, TimeSpan Duration, string Reason, string? Ticket, PolicyView Policy, DateTimeOffset RequestedAt, DateTimeOffset DecideBy,
    IReadOnlyList<ReviewView> Reviews, DateTimeOffset? ApprovedAt, DateTimeOffset? ActivatedAt, DateTimeOffset? ExpiresAt,
    IReadOnlyList<BindingRef> Bindings, Trouble? Trouble, EndingView? Ending, DateTimeOffset? EndedAt, DenialProof? DenialProof)
{
    public static RequestView From(RequestDetails x)
    {
        var (scope, policy) = (x.Terms.Scope, x.Policy);
        return new(
            x.Id, x.Version, x.Status, x.Requester, scope.Cluster, scope.Namespaces, scope.ClusterWide,
            scope.Role, x.Terms.Duration, x.Terms.Reason, x.Terms.Ticket,
            new(policy.Name, policy.Version, policy.Automatic, policy.ApproverGroups, policy.RequiredApprovals), x.RequestedAt, x.DecideBy,
            [.. x.Reviews.Select(review => new ReviewView(review.By.Username, review.Verdict, review.Comment, review.At))],
            x.ApprovedAt, x.ActivatedAt, x.ExpiresAt, x.Bindings, x.Trouble,
            x.Ending is { } ending ? new(ending.Cause, ending.By.Username, ending.Comment, ending.At) : null,
            x.EndedAt, x.DenialProof);
    }
}

internal sealed record PolicyView(string Name, string Version, bool Automatic, IReadOnlyList<string> ApproverGroups, int RequiredApprovals);

internal sealed record ReviewView(string Reviewer, Verdict Verdict, string? Comment, DateTimeOffset At);

internal sealed record EndingView(EndingCause Cause, string By, string? Comment, DateTimeOffset At);
