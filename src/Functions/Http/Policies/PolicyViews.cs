using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Rights;
using JitFunctions.Functions.Lifecycle;

namespace JitFunctions.Functions.Http.Policies;

/// <summary>A policy, as shown to somebody to whom it applies.</summary>
internal sealed record OfferView(
    string Policy,
    string Source,
    IReadOnlyList<string> Clusters,
    IReadOnlyList<string> Namespaces,
    IReadOnlyDictionary<string, string>? NamespaceLabels,
    bool ClusterWide,
    IReadOnlyList<string> Roles,
    IReadOnlyList<RbacRule>? Rules,
    TimeSpan MaxDuration,
    TimeSpan DefaultDuration,
    TimeSpan? ScheduledStart,
    string? Hours,
    string? Reason,
    string? Ticket,
    bool Automatic,
    IReadOnlyList<ApprovalRequirement> Requirements,
    BreakGlassRule? BreakGlass,
    ExtensionRule? Extension,
    Enforcement Enforcement,
    RoleGrowthResponse RoleGrowth,
    Overlap Overlap
)
{
    public static OfferView From(AccessPolicy x) =>
        new(
            x.Name,
            x.Source.ToString(),
            [.. x.Limits.Clusters.Select(pattern => pattern.Text)],
            [.. x.Limits.Namespaces.Select(pattern => pattern.Text)],
            x.Limits.NamespaceLabels is { Count: > 0 } labels ? labels : null,
            x.Limits.ClusterWide,
            [.. x.Limits.Roles.Select(role => role.ToString())],
            x.Limits.Rules is [_, ..] rules ? rules : null,
            x.Times.MaxDuration,
            x.Times.DefaultDuration,
            x.Times.ScheduleAhead == TimeSpan.Zero ? null : x.Times.ScheduleAhead,
            x.Times.Hours?.ToString(),
            x.Reason?.Text,
            x.Ticket?.Text,
            x.Approval.Automatic is not null,
            x.Approval.Requirements,
            x.BreakGlass,
            x.Extension,
            x.Enforcement,
            x.RoleGrowth,
            x.Overlap
        );
}

internal sealed record ExcessView(string Field, string Source, string Message, bool Unresolved);

internal sealed record VerdictView(string Policy, string Source, bool Covers, IReadOnlyList<ExcessView> Excess)
{
    public static VerdictView From(PolicyVerdict x) =>
        new(
            x.Policy.Name,
            x.Policy.Source.ToString(),
            x.Mismatches is [],
            [
                .. x.Mismatches.Select(mismatch => new ExcessView(
                    mismatch.Field,
                    x.Policy.Source.Of(mismatch.Field),
                    mismatch.Message,
                    mismatch.IsUnresolved
                )),
            ]
        );
}

/// <summary>The evaluation of a request that was not submitted.</summary>
internal sealed record SimulationView(
    bool Covered,
    string? Code,
    string? Detail,
    string? Policy,
    string? Source,
    TimeSpan? Duration,
    bool? Automatic,
    IReadOnlyList<ApprovalRequirement>? Requirements,
    IReadOnlyList<DangerousRight>? Dangers,
    IReadOnlyList<VerdictView> Verdicts,
    Enforcement? Enforcement
)
{
    public static SimulationView From(ForeseenRequest foreseen, DateTimeOffset now)
    {
        IReadOnlyList<VerdictView> verdicts = [.. foreseen.Evaluated.Evaluation.Verdicts.Select(VerdictView.From)];
        var dangers = foreseen.Dangers;
        if (foreseen.Refusal is { } why)
            return new(false, why.Code, why.Detail, null, null, null, null, null, dangers, verdicts, null);

        var (policy, snapshot) = (foreseen.Policy, foreseen.SnapshotAt(now));
        return new(
            true,
            null,
            null,
            policy.Name,
            policy.Source.ToString(),
            foreseen.Terms.Duration,
            snapshot.Automatic,
            snapshot.ApprovalRequirements(),
            dangers,
            verdicts,
            policy.Enforcement
        );
    }
}

/// <summary>A version of the policies that was published or rejected.</summary>
internal sealed record PolicyVersionView(
    string Version,
    DateTimeOffset? PublishedAt,
    DateTimeOffset? RejectedAt,
    string Publisher,
    string Source,
    IReadOnlyList<string>? Changes,
    IReadOnlyList<string>? Errors,
    IReadOnlyList<PolicyFileText>? Files
)
{
    /// <summary>
    /// The names in it for which nothing exists, as far as that could be determined now; null if it was not checked.
    /// </summary>
    public IReadOnlyList<string>? Warnings { get; init; }

    public static PolicyVersionView From(PolicyEvent x, bool withFiles) =>
        x switch
        {
            PolicyEvent.Published e => new(
                e.Version,
                e.At,
                null,
                e.Publisher,
                e.Source,
                e.Changes,
                null,
                withFiles ? e.Files : null
            ),
            PolicyEvent.Rejected e => new(e.Version, null, e.At, e.Publisher, e.Source, null, e.Errors, null),
            _ => throw new ArgumentOutOfRangeException(nameof(x)),
        };
}
