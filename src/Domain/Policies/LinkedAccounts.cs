namespace JitFunctions.Domain.Policies;

/// <summary>The accounts that belong to one human: each list contains all user names of one human.</summary>
public sealed record LinkedAccounts(IReadOnlyList<IReadOnlyList<string>> People)
{
    public static readonly LinkedAccounts None = new([]);

    /// <returns>The other user names of the human; empty for an account that is not linked.</returns>
    public IReadOnlyList<string> OthersOf(string username) =>
        [
            .. People
                .Where(person => person.Contains(username, StringComparer.OrdinalIgnoreCase))
                .SelectMany(person => person)
                .Where(other => !string.Equals(other, username, StringComparison.OrdinalIgnoreCase)),
        ];
}
