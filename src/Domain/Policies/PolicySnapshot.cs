namespace JitFunctions.Domain.Policies;

/// <summary>
/// The policy that covered a request when it was made. Later changes of the policies do not affect running requests.
/// </summary>
/// <param name="Version">Content hash of the policy files in force, <c>sha256:…</c>.</param>
/// <param name="Automatic">True when the policy approves without a review.</param>
/// <param name="ApproverGroups">All groups of <see cref="Requirements"/>.</param>
/// <param name="RequiredApprovals">The total number of people that <see cref="Requirements"/> require.</param>
public sealed record PolicySnapshot(
    string Name,
    string Version,
    bool Automatic,
    IReadOnlyList<string> ApproverGroups,
    int RequiredApprovals,
    TimeSpan PendingWindow
)
{
    /// <summary>Absent in events from versions that supported only one requirement.</summary>
    public IReadOnlyList<ApprovalRequirement>? Requirements { get; init; }

    /// <summary>File and line of the policy.</summary>
    public string? Source { get; init; }

    public AccessHours? Hours { get; init; }

    public ExtensionRule? Extension { get; init; }

    /// <summary>
    /// For a break-glass request, the time after the request within which the approvers must review it.
    /// </summary>
    public TimeSpan? ReviewWithin { get; init; }

    /// <summary>Absent for <see cref="Policies.Enforcement.Identity"/>.</summary>
    public Enforcement? Enforcement { get; init; }

    /// <summary>Absent for <see cref="RoleGrowthResponse.End"/>.</summary>
    public RoleGrowthResponse? RoleGrowth { get; init; }

    /// <summary>Absent for <see cref="Policies.Overlap.Refuse"/>.</summary>
    public Overlap? Overlap { get; init; }

    public IReadOnlyList<ApprovalRequirement> ApprovalRequirements() =>
        Requirements ?? (Automatic ? [] : [new(ApproverGroups, RequiredApprovals)]);

    /// <summary>
    /// Returns when a grant that is activated now ends: after its duration, or at the end of the hours in which rights
    /// may exist, whichever is earlier. Outside those hours it ends at once, because they may have ended since the last
    /// check.
    /// </summary>
    public DateTimeOffset ExpiryOf(TimeSpan duration, DateTimeOffset now)
    {
        var (end, closing) = (
            now + duration,
            Hours is null ? DateTimeOffset.MaxValue : Hours.SurelyOpenUntil(now) ?? now
        );
        return closing < end ? closing : end;
    }
}
