namespace JitFunctions.Domain.Policies;

/// <summary>Which accounts belong to one human: each list holds all user names of one.</summary>
public sealed record LinkedAccounts(IReadOnlyList<IReadOnlyList<string>> People)
{
    public static readonly LinkedAccounts None = new([]);

    /// <returns>The human's other user names; none for an account that is not linked.</returns>
    public IReadOnlyList<string> OthersOf(string username) =>
        [
            .. People
                .Where(person => person.Contains(username, StringComparer.OrdinalIgnoreCase))
                .SelectMany(person => person)
                .Where(other => !string.Equals(other, username, StringComparison.OrdinalIgnoreCase)),
        ];
}
