namespace JitFunctions.Domain.Policies;

/// <summary>
/// The rule that covered a request when it was made. A later change of policy alters no running request.
/// </summary>
/// <param name="Version">Content hash of the policy files in force, <c>sha256:…</c>.</param>
/// <param name="Automatic">True when nobody has to approve.</param>
/// <param name="ApproverGroups">All groups of <see cref="Requirements"/>.</param>
/// <param name="RequiredApprovals">The number of people whom <see cref="Requirements"/> ask for together.</param>
public sealed record PolicySnapshot(
    string Name,
    string Version,
    bool Automatic,
    IReadOnlyList<string> ApproverGroups,
    int RequiredApprovals,
    TimeSpan PendingWindow
)
{
    /// <summary>Absent in events from before there could be several.</summary>
    public IReadOnlyList<ApprovalRequirement>? Requirements { get; init; }

    /// <summary>File and line of the policy.</summary>
    public string? Source { get; init; }

    public AccessHours? Hours { get; init; }

    public ExtensionRule? Extension { get; init; }

    /// <summary>For a break-glass request, by when after it the approvers must have reviewed it.</summary>
    public TimeSpan? ReviewWithin { get; init; }

    /// <summary>Absent for <see cref="Policies.Enforcement.Identity"/>.</summary>
    public Enforcement? Enforcement { get; init; }

    /// <summary>Absent for <see cref="RoleGrowthResponse.End"/>.</summary>
    public RoleGrowthResponse? RoleGrowth { get; init; }

    public IReadOnlyList<ApprovalRequirement> ApprovalRequirements() =>
        Requirements ?? (Automatic ? [] : [new(ApproverGroups, RequiredApprovals)]);

    /// <summary>
    /// When a grant that is activated now ends: after its duration, or with the hours in which rights may exist.
    /// Outside those it ends at once: they may have closed since somebody looked.
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
