using JitFunctions.Domain.Rights;
using JitFunctions.Domain.Scopes;
using JitFunctions.Domain.Text;

namespace JitFunctions.Domain.Policies;

/// <summary>One rule of who may ask for what, for how long, and who decides.</summary>
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

    /// <summary>When given, a request must name a ticket like this.</summary>
    public TextPattern? Ticket { get; init; }

    public DangerRule? Dangers { get; init; }

    public ExtensionRule? Extension { get; init; }

    public BreakGlassRule? BreakGlass { get; init; }

    public Enforcement Enforcement { get; init; }

    public RoleGrowthResponse RoleGrowth { get; init; }

    /// <summary>Everyone who may review: by the ordinary requirements, or by those for dangerous rights.</summary>
    public IEnumerable<ApprovalRequirement> AllRequirements => [.. Approval.Requirements, .. Dangers?.Approvals ?? []];

    /// <summary>What of the request lies outside this policy; empty when the policy covers all of it.</summary>
    public IReadOnlyList<PolicyMismatch> Mismatches(RequestDraft draft, ClusterFacts facts, DateTimeOffset now)
    {
        List<PolicyMismatch> mismatches =
        [
            .. Limits.Mismatches(draft.Scope, facts),
            .. Times.Mismatches(draft, now),
            .. TextMismatches(draft),
            .. BreakGlassMismatches(draft),
        ];

        // What cannot be told does not matter where something else is too much. The rights come last, since they cost
        // the most: hundreds of policies may be about somebody, and few about what they ask for.
        return mismatches.Any(one => !one.IsUnresolved)
            ? [.. mismatches.Where(one => !one.IsUnresolved)]
            : [.. mismatches, .. RightsMismatches(draft.Scope, facts)];
    }

    /// <summary>What about the rights themselves this policy does not want, or cannot tell.</summary>
    public IEnumerable<PolicyMismatch> RightsMismatches(Scope scope, ClusterFacts facts)
    {
        if (facts.Rights is not { } rights)
            return
            [
                new("roles", $"what {scope.Describe()} allows cannot be told: {facts.Trouble}", IsUnresolved: true),
            ];
        if (scope.Rules is { } rules && DangerousRights.IsFullControl(rules))
            return [new("rules", "never all rights by wildcard")];
        var dangers = DangerousRights.In(rights, scope.Role?.Name);
        return Dangers is { } rule
            ? rule.Mismatches(dangers)
            : DangerRule.MismatchesWithoutRule(dangers, someoneApproves: Approval.Requirements is [_, ..]);
    }

    /// <summary>The terms as this policy completes them.</summary>
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
        // Dangerous rights of which the policy says nothing are for people to look at.
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
            yield return new("breakGlass", "by break-glass not cluster-wide");
        if (draft.Start is not null)
            yield return new("breakGlass", "by break-glass only now");
    }
}
