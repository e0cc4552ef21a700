using JitFunctions.Domain.Rights;
using JitFunctions.Domain.Scopes;
using JitFunctions.Domain.Text;

namespace JitFunctions.Domain.Policies;

/// <summary>One policy: who may request what, for how long, and who approves.</summary>
public sealed record AccessPolicy(
    string Name,
    Subjects Subjects,
    ScopeLimits Limits,
    TimeLimits Times,
    ApprovalRule Approval
)
{
    public SourcePlace Source { get; init; } = SourcePlace.Unknown;

    public TextPattern? Reason { get; init; }

    /// <summary>If set, a request must have a ticket that matches this pattern.</summary>
    public TextPattern? Ticket { get; init; }

    public DangerRule? Dangers { get; init; }

    public ExtensionRule? Extension { get; init; }

    public BreakGlassRule? BreakGlass { get; init; }

    public Enforcement Enforcement { get; init; }

    public RoleGrowthResponse RoleGrowth { get; init; }

    public Overlap Overlap { get; init; }

    /// <summary>
    /// All requirements by which somebody may review: the ordinary ones, and those for dangerous rights.
    /// </summary>
    public IEnumerable<ApprovalRequirement> AllRequirements => [.. Approval.Requirements, .. Dangers?.Approvals ?? []];

    /// <summary>
    /// Returns the parts of the request that this policy does not cover; empty when it covers all of them.
    /// </summary>
    public IReadOnlyList<PolicyMismatch> Mismatches(RequestDraft draft, ClusterFacts facts, DateTimeOffset now)
    {
        List<PolicyMismatch> mismatches =
        [
            .. Limits.Mismatches(draft.Scope, facts),
            .. Times.Mismatches(draft, now),
            .. TextMismatches(draft),
            .. BreakGlassMismatches(draft),
        ];

        // Unresolved parts do not matter if another part is certainly not covered. The rights are checked last because
        // that is the most expensive check: hundreds of policies may apply to a person, but only few of them to what
        // the person requests.
        return mismatches.Any(one => !one.IsUnresolved)
            ? [.. mismatches.Where(one => !one.IsUnresolved)]
            : [.. mismatches, .. RightsMismatches(draft.Scope, facts)];
    }

    /// <summary>Returns the rights that this policy does not cover, or for which this cannot be determined.</summary>
    public IEnumerable<PolicyMismatch> RightsMismatches(Scope scope, ClusterFacts facts)
    {
        if (facts.Rights is not { } rights)
            return
            [
                new("roles", $"what {scope.Describe()} allows cannot be told: {facts.Failure}", IsUnresolved: true),
            ];
        if (scope.Rules is { } rules && DangerousRights.IsFullControl(rules))
            return [new("rules", "never all rights by wildcard")];
        var dangers = DangerousRights.In(rights, scope.Role?.Name);
        return Dangers is { } rule
            ? rule.Mismatches(dangers)
            : DangerRule.MismatchesWithoutRule(dangers, someoneApproves: Approval.Requirements is [_, ..]);
    }

    /// <summary>Returns the terms, with the defaults of this policy.</summary>
    public RequestTerms Complete(RequestDraft draft) =>
        draft.WithDuration(
            draft.Duration
                ?? (
                    draft.BreakGlass && BreakGlass!.MaxDuration < Times.DefaultDuration
                        ? BreakGlass.MaxDuration
                        : Times.DefaultDuration
                )
        );

    public PolicySnapshot Snapshot(
        string version,
        RequestTerms terms,
        IReadOnlyList<DangerousRight> dangers,
        DateTimeOffset now
    )
    {
        IReadOnlyList<ApprovalRequirement> requirements =
        [
            .. Approval.Requirements,
            .. Dangers?.ApprovalsFor(dangers) ?? [],
        ];
        // If the policy has no rule for dangerous rights, people have to review them.
        var isHarmless = Dangers is { } rule ? rule.ApprovalsFor(dangers) is [] : dangers is [];
        var automatic = !terms.BreakGlass && isHarmless && Approval.Automatic?.IsMetBy(terms, dangers, now) == true;
        return new(
            Name,
            version,
            automatic,
            [.. requirements.SelectMany(requirement => requirement.Groups).Distinct()],
            requirements.Sum(requirement => requirement.Count),
            Times.PendingWindow
        )
        {
            Requirements = requirements,
            Source = Source.ToString(),
            Hours = Times.Hours,
            Extension = Extension,
            ReviewWithin = terms.BreakGlass ? BreakGlass!.ReviewWithin : null,
            Enforcement = Enforcement is Enforcement.Identity ? null : Enforcement,
            RoleGrowth = RoleGrowth is RoleGrowthResponse.End ? null : RoleGrowth,
            Overlap = Overlap is Overlap.Refuse ? null : Overlap,
        };
    }

    private IEnumerable<PolicyMismatch> TextMismatches(RequestDraft draft)
    {
        if (Reason is { } reason && !reason.Matches(draft.Reason))
            yield return new("reason", $"a reason like {reason.Text}");
        if (Ticket is { } ticket && !ticket.Matches(draft.Ticket))
            yield return new("ticket", $"a ticket like {ticket.Text}");
    }

    private IEnumerable<PolicyMismatch> BreakGlassMismatches(RequestDraft draft)
    {
        if (!draft.BreakGlass)
            yield break;
        if (BreakGlass is not { } rule)
        {
            yield return new("breakGlass", "not by break-glass");
            yield break;
        }

        if (Approval.Requirements is [])
            yield return new("breakGlass", "by break-glass only where somebody can be asked afterwards");
        if (draft.Duration > rule.MaxDuration)
            yield return new("breakGlass", $"by break-glass at most {KubernetesDuration.Format(rule.MaxDuration)}");
        if (draft.Scope.ClusterWide)
            yield return new("breakGlass", "not cluster-wide by break-glass");
        if (draft.Start is not null)
            yield return new("breakGlass", "by break-glass only now");
    }
}
