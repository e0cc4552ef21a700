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
    public bool Is(Principal other) => Is(other, []);

    /// <param name="otherAccounts">The other user names of the one who is meant, as they were known then: links come and go.</param>
    public bool Is(Principal other, IReadOnlyList<string> otherAccounts) =>
        Principal.Subject == other.Subject
        || OtherAccounts.Append(Principal.Username).Intersect(otherAccounts.Append(other.Username), StringComparer.OrdinalIgnoreCase).Any();
}
