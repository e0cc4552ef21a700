using JitFunctions.Domain.Rights;
using JitFunctions.Domain.Scopes;

namespace JitFunctions.Domain.Policies;

/// <summary>A number of distinct people from any of these groups.</summary>
public sealed record ApprovalRequirement(IReadOnlyList<string> Groups, int Count)
{
    public override string ToString() => $"{Count} of {string.Join(" or ", Groups)}";
}

/// <summary>The conditions under which a policy approves without a review.</summary>
/// <param name="MaxDuration">The longest duration.</param>
/// <param name="Ticket">The pattern that the ticket must match.</param>
/// <param name="Hours">The hours in which the request must be made.</param>
/// <param name="HarmlessOnly">True if the request must not contain dangerous rights.</param>
public sealed record AutomaticCondition(
    TimeSpan? MaxDuration,
    TextPattern? Ticket,
    AccessHours? Hours,
    bool HarmlessOnly
)
{
    /// <summary>Approves every request that the policy covers.</summary>
    public static readonly AutomaticCondition Always = new(null, null, null, HarmlessOnly: false);

    public bool IsMetBy(RequestTerms terms, IReadOnlyList<DangerousRight> dangers, DateTimeOffset now) =>
        !(terms.Duration > MaxDuration)
        && (Ticket is null || Ticket.Matches(terms.Ticket))
        && (Hours is null || Hours.SurelyOpenUntil(now) is not null)
        && (!HarmlessOnly || dangers is []);
}

/// <summary>
/// Who approves a request: all requirements must be met, each by different people, unless the condition for automatic
/// approval is met.
/// </summary>
public sealed record ApprovalRule(IReadOnlyList<ApprovalRequirement> Requirements, AutomaticCondition? Automatic);
