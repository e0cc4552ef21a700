namespace JitFunctions.Domain.Identity;

/// <summary>A signed-in person with the standing that token and policy give them.</summary>
/// <param name="IsAdministrator">May see every request and revoke any grant; never reviews one.</param>
/// <param name="IsAuditor">May read every event.</param>
public sealed record Caller(Principal Principal, IReadOnlyList<string> Groups, bool IsAdministrator = false, bool IsAuditor = false)
{
    /// <summary>The user names of all other accounts of the same human, as the policy files link them.</summary>
    public IReadOnlyList<string> OtherAccounts { get; init; } = [];

    /// <summary>When the token was issued; null when it does not say.</summary>
    public DateTimeOffset? AsOf { get; init; }

    public bool IsInAny(IReadOnlyList<string> groups) => groups.Any(Groups.Contains);

    /// <summary>True for the same human, under whichever account.</summary>
    public bool Is(Principal other) =>
        Principal.IsSamePersonAs(other) || OtherAccounts.Contains(other.Username, StringComparer.OrdinalIgnoreCase);
}
