using Marten;
using Marten.Linq.MatchesSql;

namespace JitFunctions.Projections;

/// <summary>
/// The groups in the latest token of a person. It is not an event, because the fact belongs to the token issuer and not
/// to this app.
/// </summary>
/// <param name="Id">The subject of the principal.</param>
/// <param name="Groups">Sorted; empty when the token does not list them.</param>
/// <param name="SeenAt">When the token was issued, or when it was presented if it has no issue time.</param>
public sealed record TokenMembership(string Id, string Username, IReadOnlyList<string> Groups, DateTimeOffset SeenAt)
{
    /// <summary>
    /// True when the token does not list the groups: the current groups are then unknown, whatever an earlier token
    /// said.
    /// </summary>
    public bool IsUnlisted { get; init; }

    /// <param name="groups">Null when the token does not list them.</param>
    /// <param name="issuedAt">Null when the token does not say; a time in the future counts as now.</param>
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
    /// True if this token replaces the stored one. An older token never does: it may still be valid, and contain a
    /// group that the person has left in the meantime.
    /// </summary>
    /// <param name="renewal">How much newer a token with the same content must be.</param>
    public bool Replaces(TokenMembership stored, TimeSpan renewal) =>
        SeenAt >= stored.SeenAt + renewal || (SeenAt >= stored.SeenAt && !SaysTheSameAs(stored));

    private bool SaysTheSameAs(TokenMembership other) =>
        Username == other.Username && IsUnlisted == other.IsUnlisted && Groups.SequenceEqual(other.Groups);
}

public static class TokenMemberships
{
    /// <summary>
    /// Returns the latest token with this user name. There is one row for each person, so the query reads few rows.
    /// </summary>
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

    /// <returns>The row that is stored afterwards.</returns>
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
