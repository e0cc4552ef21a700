using System.Collections.Concurrent;
using JitFunctions.Domain.Identity;
using JitFunctions.Projections;
using Microsoft.Extensions.Logging;

namespace JitFunctions.Functions.Platform.Directory;

/// <summary>
/// Stores the groups in accepted tokens for <see cref="TokenDirectory"/>; does nothing when Graph is used.
/// </summary>
public sealed class TokenGroups(ApiStore store, DirectoryOptions options, TimeProvider clock, ILogger<TokenGroups> log)
{
    private static readonly TimeSpan LongestRenewal = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan WriteTimeout = TimeSpan.FromSeconds(2);

    // Stored again well before the entry is too old.
    private readonly TimeSpan _renewal = TimeSpan.FromTicks(
        Math.Min(LongestRenewal.Ticks, options.TokensGoodFor.Ticks / 4)
    );

    // One entry for each person, so that most calls read and write nothing.
    private readonly ConcurrentDictionary<string, TokenMembership> _stored = [];

    /// <summary>Never fails: a caller with a valid token does not need it.</summary>
    public async Task NoteAsync(SignedInPerson person)
    {
        if (options.Graph.Endpoint is not null)
            return;
        var seen = TokenMembership.Of(
            person.Principal.Subject,
            person.Principal.Username,
            person.Groups,
            person.IssuedAt,
            clock.GetUtcNow()
        );
        if (_stored.TryGetValue(seen.Id, out var stored) && !seen.Replaces(stored, _renewal))
            return;

        try
        {
            using var limit = new CancellationTokenSource(WriteTimeout);
            _stored[seen.Id] = await store.Documents.KeepAsync(seen, _renewal, limit.Token);
        }
        catch (Exception e)
        {
            log.LogWarning(e, "The groups in the token of {Username} are not stored", seen.Username);
        }
    }
}
