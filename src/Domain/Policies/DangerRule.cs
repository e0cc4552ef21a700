using JitFunctions.Domain.Rights;

namespace JitFunctions.Domain.Policies;

/// <summary>The rule of a policy for dangerous rights.</summary>
/// <param name="Allowed">Kinds that need only the ordinary approval.</param>
/// <param name="Approvals">Additional approvals for all other kinds; empty refuses them.</param>
public sealed record DangerRule(IReadOnlyList<string> Allowed, IReadOnlyList<ApprovalRequirement> Approvals)
{
    public static readonly DangerRule Refuse = new([], []);

    /// <summary>
    /// Applies if a policy has no such rule: rights that reach only a namespace are shown to the approvers, all others
    /// are refused. If the policy has no approvers, all dangerous rights are refused.
    /// </summary>
    public static IEnumerable<PolicyMismatch> MismatchesWithoutRule(
        IReadOnlyList<DangerousRight> dangers,
        bool someoneApproves
    ) => dangers.Where(danger => danger.Reach is DangerReach.Cluster || !someoneApproves).Select(ToMismatch);

    public IEnumerable<PolicyMismatch> Mismatches(IReadOnlyList<DangerousRight> dangers) =>
        Approvals is [_, ..] ? [] : Beyond(dangers).Select(ToMismatch);

    public IReadOnlyList<ApprovalRequirement> ApprovalsFor(IReadOnlyList<DangerousRight> dangers) =>
        Beyond(dangers).Any() ? Approvals : [];

    private IEnumerable<DangerousRight> Beyond(IReadOnlyList<DangerousRight> dangers) =>
        dangers.Where(danger => !Allowed.Contains(danger.Kind));

    private static PolicyMismatch ToMismatch(DangerousRight danger) =>
        new("dangerousRights", $"not {danger.Kind}: {danger.BlastRadius}");
}
