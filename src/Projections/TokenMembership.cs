using Marten;
using Marten.Linq.MatchesSql;

namespace JitFunctions.Projections;

/// <summary>Which groups a person's latest token named; no event, since it is the issuer's fact and not ours.</summary>
/// <param name="Id">The principal's subject.</param>
/// <param name="Groups">Sorted; empty when the token does not list them.</param>
/// <param name="SeenAt">When the token was issued, or when it was shown if it does not say.</param>
public sealed record TokenMembership(string Id, string Username, IReadOnlyList<string> Groups, DateTimeOffset SeenAt)
{
    /// <summary>
    /// True when the token does not list the groups: which they are by now is then unknown, whatever an earlier one
    /// said.
    /// </summary>
    public bool IsUnlisted { get; init; }

    /// <param name="groups">Null when the token does not list them.</param>
    /// <param name="issuedAt">Null when the token does not say; a time to come counts as now.</param>
    public static TokenMembership Of(
        string subject,
        string username,
        IReadOnlyList<string>? groups,
        DateTimeOffset? issuedAt,
        DateTimeOffset now
    ) =>
        new(
            subject,
            username,
            [.. (groups ?? []).Order(StringComparer.Ordinal)],
            issuedAt is { } issued && issued < now ? issued : now
        )
        {
            IsUnlisted = groups is null,
        };

    /// <summary>
    /// An older token never does: it may still be valid, and name a group that the person has left meanwhile.
    /// </summary>
    /// <param name="renewal">How much younger a token that says the same has to be.</param>
    public bool Replaces(TokenMembership stored, TimeSpan renewal) =>
        SeenAt >= stored.SeenAt + renewal || (SeenAt >= stored.SeenAt && !SaysTheSameAs(stored));

    private bool SaysTheSameAs(TokenMembership other) =>
        Username == other.Username && IsUnlisted == other.IsUnlisted && Groups.SequenceEqual(other.Groups);
}

public static class TokenMemberships
{
    /// <summary>The latest token with this user name; one row a person is there, so that few are looked at.</summary>
    public static async Task<TokenMembership?> FindLatestOf(
        this IQuerySession session,
        string username,
        CancellationToken cancellation
    ) =>
        await session
            .Query<TokenMembership>()
            .Where(x => x.MatchesSql("lower(d.data ->> 'username') = lower(?)", username))
            .OrderByDescending(x => x.SeenAt)
            .FirstOrDefaultAsync(cancellation);

    /// <returns>What is stored after it.</returns>
    public static Task<TokenMembership> KeepAsync(
        this IDocumentStore store,
        TokenMembership seen,
        TimeSpan renewal,
        CancellationToken cancellation
    ) => store.TryUntilWonAsync(session => KeepAsync(session, seen, renewal, cancellation), cancellation);

    private static async Task<TokenMembership> KeepAsync(
        IDocumentSession session,
        TokenMembership seen,
        TimeSpan renewal,
        CancellationToken cancellation
    )
    {
        var stored = await session.LoadAsync<TokenMembership>(seen.Id, cancellation);
        if (stored is not null && !seen.Replaces(stored, renewal))
            return stored;

        session.Store(seen);
        await session.SaveChangesAsync(cancellation);
        return seen;
    }
}
