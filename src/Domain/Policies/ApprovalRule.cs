using JitFunctions.Domain.Rights;
using JitFunctions.Domain.Scopes;

namespace JitFunctions.Domain.Policies;

/// <summary>So many distinct people from any of these groups.</summary>
public sealed record ApprovalRequirement(IReadOnlyList<string> Groups, int Count)
{
    public override string ToString() => $"{Count} of {string.Join(" or ", Groups)}";
}

/// <summary>What lets a policy approve by itself.</summary>
/// <param name="MaxDuration">No longer than this.</param>
/// <param name="Ticket">With a ticket like this.</param>
/// <param name="Hours">Asked in these hours.</param>
/// <param name="HarmlessOnly">Only rights that lead to no others.</param>
public sealed record AutomaticCondition(
    TimeSpan? MaxDuration,
    TextPattern? Ticket,
    AccessHours? Hours,
    bool HarmlessOnly
)
{
    /// <summary>Whenever the policy covers the request.</summary>
    public static readonly AutomaticCondition Always = new(null, null, null, HarmlessOnly: false);

    public bool IsMetBy(RequestTerms terms, IReadOnlyList<DangerousRight> dangers, DateTimeOffset now) =>
        !(terms.Duration > MaxDuration)
        && (Ticket is null || Ticket.Matches(terms.Ticket))
        && (Hours is null || Hours.SurelyOpenUntil(now) is not null)
        && (!HarmlessOnly || dangers is []);
}

/// <summary>
/// Who approves: all of the requirements hold at once, each by other people, unless the condition is met.
/// </summary>
public sealed record ApprovalRule(IReadOnlyList<ApprovalRequirement> Requirements, AutomaticCondition? Automatic);
