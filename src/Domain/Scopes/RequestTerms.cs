namespace JitFunctions.Domain.Scopes;

/// <summary>What the requester asks for, before a policy has completed it.</summary>
/// <param name="Duration">Null for the default of the policy.</param>
/// <param name="Start">Null for a start as soon as the request is approved.</param>
public sealed record RequestDraft(
    Scope Scope,
    TimeSpan? Duration,
    string Reason,
    string? Ticket,
    DateTimeOffset? Start = null,
    bool BreakGlass = false
)
{
    public RequestTerms WithDuration(TimeSpan duration) =>
        new(Scope, duration, Reason, Ticket) { Start = Start, BreakGlass = BreakGlass };
}

/// <summary>The final terms of a request. Only an approver can change them, and only by narrowing them.</summary>
public sealed record RequestTerms(Scope Scope, TimeSpan Duration, string Reason, string? Ticket)
{
    /// <summary>The requested start of the rights; null for as soon as they are approved.</summary>
    public DateTimeOffset? Start { get; init; }

    /// <summary>True when the grant is activated before the approvals, which are given afterwards.</summary>
    public bool BreakGlass { get; init; }
}
