namespace JitFunctions.Domain.Identity;

/// <summary>A signed-in person with the groups from the token and the roles from the policies.</summary>
/// <param name="IsAdministrator">May see every request and revoke any grant; never reviews one.</param>
/// <param name="IsAuditor">May read every event.</param>
public sealed record Caller(
    Principal Principal,
    IReadOnlyList<string> Groups,
    bool IsAdministrator = false,
    bool IsAuditor = false
)
{
    /// <summary>The user names of all other accounts of the same human, as the policy files link them.</summary>
    public IReadOnlyList<string> OtherAccounts { get; init; } = [];

    /// <summary>
    /// Returns the same person with only those groups that are still current, and without the administrator role if it
    /// was based on other groups.
    /// </summary>
    /// <param name="now">All current groups of the person.</param>
    /// <param name="administrators">The administrator groups.</param>
    public Caller Within(IReadOnlyList<string> now, IReadOnlyList<string> administrators)
    {
        IReadOnlyList<string> left = [.. Groups.Intersect(now)];
        return this with { Groups = left, IsAdministrator = IsAdministrator && left.Intersect(administrators).Any() };
    }

    public bool IsInAny(IReadOnlyList<string> groups) => groups.Any(Groups.Contains);

    /// <summary>
    /// True if both are certainly the same human, which is required for access to the requests of another account: the
    /// same subject, or an account that the policies currently link to this one. The same user name is not enough,
    /// because a name can later be given to somebody else.
    /// </summary>
    public bool IsSamePersonAs(Principal other) =>
        Principal.Subject == other.Subject || OtherAccounts.Contains(other.Username, StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// True if both may be the same human, which is enough to refuse something, for example for separation of duties:
    /// the same subject, the same user name, or accounts that are or were linked.
    /// </summary>
    /// <param name="otherAccounts">The other user names of <paramref name="other"/> as they were recorded at that time,
    /// because links change.</param>
    public bool MayBeSamePersonAs(Principal other, IReadOnlyList<string> otherAccounts) =>
        Principal.Subject == other.Subject
        || OtherAccounts
            .Append(Principal.Username)
            .Intersect(otherAccounts.Append(other.Username), StringComparer.OrdinalIgnoreCase)
            .Any();
}
