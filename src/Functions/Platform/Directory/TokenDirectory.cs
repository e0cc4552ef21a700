using JitFunctions.Domain.Identity;
using JitFunctions.Projections;
using Marten;

namespace JitFunctions.Functions.Platform.Directory;

/// <summary>
/// The groups in a person's latest token, where no directory is configured. Somebody who leaves a group keeps it here
/// until they sign in again, but no longer than <see cref="DirectoryOptions.TokensGoodFor"/>.
/// </summary>
public sealed class TokenDirectory(IDocumentStore store, DirectoryOptions options, TimeProvider clock) : IDirectory
{
    /// <exception cref="Npgsql.NpgsqlException">The event store does not answer, perhaps wrapped by Marten.</exception>
    public async Task<Membership> MembershipOfAsync(Principal person, CancellationToken cancellation)
    {
        await using var session = store.QuerySession();
        if (await session.LoadAsync<TokenMembership>(person.Subject, cancellation) is not { } known)
            return NeverSeen(person.Username);

        // If the user name now belongs to somebody else, the rights of its former owner must not apply to them.
        if (!string.Equals(known.Username, person.Username, StringComparison.OrdinalIgnoreCase))
            return Membership.Unknown($"{person.Username} signs in as {known.Username} by now.");

        return ToMembership(known, person.Username);
    }

    /// <exception cref="Npgsql.NpgsqlException">The event store does not answer, perhaps wrapped by Marten.</exception>
    public async Task<Membership> MembershipOfAccountAsync(string username, CancellationToken cancellation)
    {
        await using var session = store.QuerySession();
        return await session.FindLatestOf(username, cancellation) is { } known
            ? ToMembership(known, username)
            : NeverSeen(username);
    }

    private static Membership NeverSeen(string username) =>
        Membership.Unknown($"The groups of {username} were never seen; any signed-in call shows them.");

    private Membership ToMembership(TokenMembership known, string username)
    {
        if (known.IsUnlisted)
            return Membership.Unknown($"The latest token of {username} does not list their groups.");

        var age = clock.GetUtcNow() - known.SeenAt;
        return age > options.TokensGoodFor
            ? Membership.Unknown(
                $"The groups of {username} are known from a token of {Describe(age)} ago; signing in again renews them."
            )
            : Membership.Of(known.Groups);
    }

    private static string Describe(TimeSpan age) =>
        age switch
        {
            { TotalDays: >= 2 } => $"{age.Days} days",
            { TotalHours: >= 2 } => $"{(int)age.TotalHours} hours",
            { TotalMinutes: >= 2 } => $"{(int)age.TotalMinutes} minutes",
            _ => $"{(int)age.TotalSeconds} seconds",
        };
}
