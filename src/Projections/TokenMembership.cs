using JitFunctions.Domain.Identity;
using Marten;

namespace JitFunctions.Projections;

/// <summary>Which groups a person's latest token named; no event, since it is the issuer's fact and not ours.</summary>
/// <param name="Id">The principal's subject.</param>
/// <param name="Groups">Sorted.</param>
/// <param name="SeenAt">When the token was issued, or when it was shown if it does not say.</param>
public sealed record TokenMembership(string Id, string Username, IReadOnlyList<string> Groups, DateTimeOffset SeenAt)
{
    public static TokenMembership Of(Caller caller, DateTimeOffset now) => new(
        caller.Principal.Subject, caller.Principal.Username, [.. caller.Groups.Order(StringComparer.Ordinal)],
        caller.AsOf is { } issued && issued < now ? issued : now);

    /// <summary>An older token never does: it may still be valid, and name a group that the person has left meanwhile.</summary>
    /// <param name="renewal">How much younger a token that says the same has to be.</param>
    public bool Replaces(TokenMembership stored, TimeSpan renewal) =>
        SeenAt >= stored.SeenAt + renewal || (SeenAt >= stored.SeenAt && (Username != stored.Username || !Groups.SequenceEqual(stored.Groups)));
}

public static class TokenMemberships
{
    /// <returns>What is stored after it.</returns>
    /// <exception cref="JasperFx.ConcurrencyException">Somebody else stored one of this person meanwhile.</exception>
    public static async Task<TokenMembership> Keep(
        this IDocumentSession session, TokenMembership seen, TimeSpan renewal, CancellationToken cancellation)
    {
        var stored = await session.LoadAsync<TokenMembership>(seen.Id, cancellation);
        if (stored is not null && !seen.Replaces(stored, renewal))
            return stored;

        session.Store(seen);
        await session.SaveChangesAsync(cancellation);
        return seen;
    }
}
