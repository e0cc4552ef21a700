namespace JitFunctions.Domain.Identity;

/// <summary>A signed-in person with the standing that token and policy give them.</summary>
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
    /// The same person with no groups but those they are in now, and no standing that rests on others.
    /// </summary>
    /// <param name="now">All groups they are in now.</param>
    /// <param name="administrators">The groups that administer.</param>
    public Caller Within(IReadOnlyList<string> now, IReadOnlyList<string> administrators)
    {
        IReadOnlyList<string> left = [.. Groups.Intersect(now)];
        return this with { Groups = left, IsAdministrator = IsAdministrator && left.Intersect(administrators).Any() };
    }

    public bool IsInAny(IReadOnlyList<string> groups) => groups.Any(Groups.Contains);

    /// <summary>
    /// True for who surely is the same human, which is what gives somebody another account's requests: the same
    /// subject, or an account that the policies link to this one now. That the user names are the same is not enough,
    /// as a name is given to somebody else later.
    /// </summary>
    public bool IsSamePersonAs(Principal other) =>
        Principal.Subject == other.Subject || OtherAccounts.Contains(other.Username, StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// True for who may be the same human, which is enough to refuse something, as where duties are separated: the same
    /// subject, the same user name, or accounts that are or were linked.
    /// </summary>
    /// <param name="otherAccounts">The other user names of the one who is meant, as they were known then: links come
    /// and go.</param>
    public bool MayBeSamePersonAs(Principal other, IReadOnlyList<string> otherAccounts) =>
        Principal.Subject == other.Subject
        || OtherAccounts
            .Append(Principal.Username)
            .Intersect(otherAccounts.Append(other.Username), StringComparer.OrdinalIgnoreCase)
            .Any();
}
