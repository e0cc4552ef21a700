using JitFunctions.Domain.Rights;

namespace JitFunctions.Domain.Policies;

/// <summary>What a policy says of rights that lead to more rights.</summary>
/// <param name="Allowed">Kinds that need no more than the ordinary approval.</param>
/// <param name="Approvals">What any other kind needs in addition; empty refuses it.</param>
public sealed record DangerRule(IReadOnlyList<string> Allowed, IReadOnlyList<ApprovalRequirement> Approvals)
{
    public static readonly DangerRule Refuse = new([], []);

    /// <summary>
    /// Where a policy says nothing: what reaches no further than the namespace is shown to the approvers, all else is
    /// refused; and so is all of it where nobody ever approves.
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
