using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Rights;
using JitFunctions.Domain.Scopes;
using JitFunctions.Projections;

namespace JitFunctions.Functions.Http.Requests;

/// <summary>A request as the API shows it; docs/api.md describes it.</summary>
internal sealed record RequestView(
    string Id,
    long Version,
    RequestStatus Status,
    Principal Requester,
    string Cluster,
    IReadOnlyList<string> Namespaces,
    bool ClusterWide,
    RoleRef? Role,
    IReadOnlyList<RbacRule>? Rules,
    TimeSpan Duration,
    DateTimeOffset? Start,
    string Reason,
    string? Ticket,
    string Scope,
    PolicyView Policy,
    IReadOnlyList<DangerousRight> Dangers,
    IReadOnlyList<NamespacedRules>? Rights,
    DateTimeOffset RequestedAt,
    DateTimeOffset DecideBy,
    IReadOnlyList<ReviewView> Reviews,
    DateTimeOffset? ApprovedAt,
    DateTimeOffset? ActivatedAt,
    DateTimeOffset? ExpiresAt,
    IReadOnlyList<BindingRef> Bindings,
    ServiceAccountRef? ServiceAccount,
    UnapprovedView? Unapproved,
    IReadOnlyList<LostView>? Lost,
    LastFailure? Trouble,
    ExtensionView? Extension,
    BreakGlassView? BreakGlass,
    EndingView? Ending,
    DateTimeOffset? EndedAt,
    DenialProof? DenialProof
)
{
    /// <summary>The part of it that the requester already had at the time of the request.</summary>
    public AlreadyHeld? AlreadyHeld { get; init; }

    public DateTimeOffset? FirstUsedAt { get; init; }

    public static RequestView From(RequestDetails x)
    {
        var (terms, scope) = (x.Terms, x.Terms.Scope);
        return new(
            x.Id,
            x.Version,
            x.Status,
            x.Requester,
            scope.Cluster,
            scope.Namespaces,
            scope.ClusterWide,
            scope.Role,
            scope.Rules,
            terms.Duration,
            terms.Start,
            terms.Reason,
            terms.Ticket,
            x.ScopeHash,
            PolicyView.From(x.Policy),
            x.Dangers,
            x.Rights,
            x.RequestedAt,
            x.DecideBy,
            [
                .. x.Reviews.Select(review =>
                    ReviewView.From(review, counts: !review.IsVoid && review.ScopeHash == x.ScopeHash)
                ),
            ],
            x.ApprovedAt,
            x.ActivatedAt,
            x.ExpiresAt,
            x.Bindings,
            x.ServiceAccount,
            UnapprovedView.From(x.Unapproved),
            x.Lost is [] ? null : [.. x.Lost.Select(LostView.From)],
            x.Trouble,
            ExtensionView.From(x.Extension),
            BreakGlassView.From(x.BreakGlass),
            x.Ending is { } ending ? new(ending.Cause, ending.By.Username, ending.Comment, ending.At) : null,
            x.EndedAt,
            x.DenialProof
        )
        {
            AlreadyHeld = x.AlreadyHeld,
            FirstUsedAt = x.FirstUsedAt,
        };
    }

    /// <summary>The request in a list: the full rights would be the larger part of the response.</summary>
    public static RequestView InList(RequestDetails x) =>
        From(x) with
        {
            Rights = null,
            Unapproved = UnapprovedView.InList(x.Unapproved),
        };
}

internal sealed record PolicyView(
    string Name,
    string Version,
    string? Source,
    bool Automatic,
    IReadOnlyList<string> ApproverGroups,
    int RequiredApprovals,
    IReadOnlyList<ApprovalRequirement> Requirements,
    Enforcement Enforcement,
    RoleGrowthResponse RoleGrowth,
    Overlap Overlap
)
{
    public static PolicyView From(PolicySnapshot x) =>
        new(
            x.Name,
            x.Version,
            x.Source,
            x.Automatic,
            x.ApproverGroups,
            x.RequiredApprovals,
            x.ApprovalRequirements(),
            x.Enforcement ?? Enforcement.Identity,
            x.RoleGrowth ?? RoleGrowthResponse.End,
            x.Overlap ?? Overlap.Refuse
        );
}

internal sealed record ReviewView(string Reviewer, Verdict Verdict, string? Comment, DateTimeOffset At, bool Counts)
{
    public static ReviewView From(ReviewDetails x, bool counts) =>
        new(x.By.Username, x.Verdict, x.Comment, x.At, counts);
}

internal sealed record ExtensionView(
    TimeSpan Duration,
    string Reason,
    string Scope,
    IReadOnlyList<ReviewView> Reviews,
    DateTimeOffset RequestedAt
)
{
    public static ExtensionView? From(ExtensionDetails? x) =>
        x is null
            ? null
            : new(
                x.Duration,
                x.Reason,
                x.ScopeHash,
                [.. x.Reviews.Select(review => ReviewView.From(review, counts: !review.IsVoid))],
                x.RequestedAt
            );
}

internal sealed record BreakGlassView(
    DateTimeOffset ReviewBy,
    DateTimeOffset? NotifiedAt,
    DateTimeOffset? OverdueAt,
    DateTimeOffset? SettledAt,
    bool? Justified,
    IReadOnlyList<ReviewView> Reviews
)
{
    public static BreakGlassView? From(BreakGlassDetails? x) =>
        x is null
            ? null
            : new(
                x.ReviewBy,
                x.NotifiedAt,
                x.OverdueAt,
                x.SettledAt,
                x.Justified,
                [.. x.Reviews.Select(review => ReviewView.From(review, counts: !review.IsVoid))]
            );
}

internal sealed record UnapprovedView(
    IReadOnlyList<NamespacedRules>? Rights,
    IReadOnlyList<NamespacedRules>? Present,
    IReadOnlyList<DangerousRight> Dangers,
    DateTimeOffset FoundAt,
    DateTimeOffset ChangedAt
)
{
    public static UnapprovedView? From(UnapprovedRights? x) =>
        x is null ? null : new(x.Rights, x.Present, x.Dangers, x.FoundAt, x.ChangedAt);

    public static UnapprovedView? InList(UnapprovedRights? x) =>
        From(x) is { } view ? view with { Rights = null, Present = null } : null;
}

internal sealed record LostView(
    GrantObjectKind? Kind,
    string? Namespace,
    string Name,
    DateTimeOffset FoundAt,
    string Detail
)
{
    public static LostView From(LostObject x) => new(x.Kind, x.Namespace, x.Name, x.At, x.Detail);
}

internal sealed record EndingView(EndingCause Cause, string By, string? Comment, DateTimeOffset At);
