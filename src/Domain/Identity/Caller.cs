namespace JitFunctions.Domain.Identity;

/// <summary>A signed-in person with the standing that token and policy give them.</summary>
/// <param name="IsAdministrator">May see every request and revoke any grant; never a way round a review.</param>
/// <param name="IsAuditor">May read every event.</param>
public sealed record Caller(Principal Principal, IReadOnlyList<string> Groups, bool IsAdministrator = false, bool IsAuditor = false)
{
    /// <summary>When the token was issued; null when it does not say.</summary>
    public DateTimeOffset? AsOf { get; init; }

    public bool IsInAny(IReadOnlyList<string> groups) => groups.Any(Groups.Contains);
}
