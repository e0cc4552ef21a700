namespace JitFunctions.Domain.Scopes;

/// <summary>What somebody asks for, in their own words, before a policy has completed it.</summary>
/// <param name="Duration">Null for the policy's default.</param>
/// <param name="Start">Null for as soon as it is approved.</param>
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

/// <summary>What a request is about, once and for all; only an approver can make it less.</summary>
public sealed record RequestTerms(Scope Scope, TimeSpan Duration, string Reason, string? Ticket)
{
    /// <summary>When the rights shall begin; null for as soon as they are approved.</summary>
    public DateTimeOffset? Start { get; init; }

    /// <summary>True when the rights are had at once, and the approvals are owed.</summary>
    public bool BreakGlass { get; init; }
}
