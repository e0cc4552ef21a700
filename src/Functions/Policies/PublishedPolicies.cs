using System.Collections.Concurrent;
using JitFunctions.Domain.Policies;
using JitFunctions.PolicyReading;
using JitFunctions.Projections;
using Marten;
using Microsoft.Extensions.Logging;

namespace JitFunctions.Functions.Policies;

/// <summary>No policies that are valid here have ever been published, so no request can be evaluated.</summary>
public sealed class NoPoliciesException() : Exception("No policies that are valid here have been published yet.");

/// <summary>
/// The policies in force: the last valid version in the event store, which is the same for every node, whatever each
/// node reads from its source. A new version at the source is first published as an event; an invalid version is
/// recorded and never comes into force.
/// </summary>
public sealed class PublishedPolicies(
    IDocumentStore store,
    PolicySource source,
    TimeProvider clock,
    ILogger<PublishedPolicies> log
) : IDisposable
{
    /// <summary>How long after a publication another node may still use the previous version.</summary>
    private static readonly TimeSpan GoodFor = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _reading = new(1);
    private readonly SemaphoreSlim _publishing = new(1);
    private readonly SemaphoreSlim _versionLookup = new(1);
    private readonly ConcurrentDictionary<string, PolicySet> _parsed = [];
    private volatile CachedPolicies? _cached;
    private volatile PolicySourceText? _lastRead;
    private volatile bool _hasReadSource;

    /// <exception cref="NoPoliciesException" />
    public async ValueTask<PolicySet> GetAsync(CancellationToken cancellation)
    {
        if (_cached is { } cached && clock.GetElapsedTime(cached.ReadAt) < GoodFor)
            return cached.Set;

        await _reading.WaitAsync(cancellation);
        try
        {
            if (_cached is { } fresh && clock.GetElapsedTime(fresh.ReadAt) < GoodFor)
                return fresh.Set;
            // The source is read at the start, so that its policies are in force immediately, and as long as none are
            // in force. Otherwise nobody waits for a source that is unavailable.
            if (!_hasReadSource || (_cached is null && _lastRead is null))
                await TryPublishAsync(cancellation);
            return await ReadAsync(cancellation);
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <summary>
    /// Checks the source at the start: its policies must be valid, unless an earlier version is in force already.
    /// </summary>
    /// <returns>The errors, one line each; empty when the app can work.</returns>
    public async Task<IReadOnlyList<string>> ErrorsAtStartAsync(CancellationToken cancellation)
    {
        var errors = await ErrorsAtSourceAsync(cancellation);
        if (errors is [] || !await AnyInForceAsync(cancellation))
            return errors;
        log.LogError(
            "The policies at the source are not valid; the last valid version stays in force: {Errors}",
            string.Join(Environment.NewLine, errors)
        );
        return [];
    }

    /// <summary>
    /// The policies of a version that was ever published; null when the version does not exist or is not valid here.
    /// </summary>
    public async Task<PolicySet?> OfVersionAsync(string version, CancellationToken cancellation)
    {
        if (_parsed.TryGetValue(version, out var parsed))
            return parsed;

        // One at a time: for a version that is not valid here any more, each call would read the whole log on its own
        // connection.
        await _versionLookup.WaitAsync(cancellation);
        try
        {
            return _parsed.TryGetValue(version, out var meanwhile)
                ? meanwhile
                : await FindVersionAsync(version, cancellation);
        }
        finally
        {
            _versionLookup.Release();
        }
    }

    /// <summary>Reads the source and records a new version.</summary>
    public async Task PublishAsync(CancellationToken cancellation)
    {
        // One at a time: otherwise an older read could be recorded after a newer one and restore an older version.
        await _publishing.WaitAsync(cancellation);
        try
        {
            await PublishFromSourceAsync(cancellation);
        }
        finally
        {
            _publishing.Release();
        }
    }

    public void Dispose()
    {
        _reading.Dispose();
        _publishing.Dispose();
        _versionLookup.Dispose();
    }

    private async Task<PolicySet?> FindVersionAsync(string version, CancellationToken cancellation)
    {
        await using var session = store.QuerySession();
        var published = (await session.ReadPolicyLog(cancellation))
            .Select(e => e.Data)
            .OfType<PolicyEvent.Published>()
            .FirstOrDefault(e => e.Version == version);
        return published is null ? null : TryParse(published);
    }

    private async Task<IReadOnlyList<string>> ErrorsAtSourceAsync(CancellationToken cancellation)
    {
        try
        {
            PolicyFiles.Parse((await source.ReadAsync(cancellation)).Files);
            return [];
        }
        catch (InvalidPolicyException e)
        {
            return e.Errors;
        }
        catch (PolicySourceException e)
        {
            return [e.Message];
        }
    }

    // Revocation and expiry must continue when the policies at the source cannot be determined; the published version
    // is still known.
    private async Task<bool> AnyInForceAsync(CancellationToken cancellation)
    {
        try
        {
            await using var session = store.QuerySession();
            return (await session.ReadPolicyLog(cancellation)).Any(e => e.Data is PolicyEvent.Published);
        }
        catch (Exception) when (!cancellation.IsCancellationRequested)
        {
            // Without the event store the app cannot work anyway, and the errors in the policies are reported.
            return false;
        }
    }

    private async Task TryPublishAsync(CancellationToken cancellation)
    {
        try
        {
            await PublishAsync(cancellation);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            // The version published before stays in force. If there is none, or the event store is unavailable, reading
            // it reports that.
            log.LogWarning(e, "The policies at the source cannot be published");
        }

        _hasReadSource = true;
    }

    private async Task PublishFromSourceAsync(CancellationToken cancellation)
    {
        var found = await source.ReadAsync(cancellation);

        // Only a change since this node last read its source counts: during a rollout, the nodes that still have the
        // old version must not restore it.
        if (_lastRead is { } last && PolicyFiles.VersionOf(last.Files) == PolicyFiles.VersionOf(found.Files))
            return;

        if (await store.RecordAsync(history => Describe(found, history), Channel.Policies, cancellation))
            _cached = null;
        _lastRead = found;
    }

    private PolicyEvent Describe(PolicySourceText found, PolicyHistory history)
    {
        var (version, now) = (PolicyFiles.VersionOf(found.Files), clock.GetUtcNow());
        try
        {
            var set = PolicyFiles.Parse(found.Files);
            return new PolicyEvent.Published(
                set.Version,
                found.Files,
                found.Publisher,
                found.Source,
                PolicyChanges.Between(history.InForce?.Files ?? [], found.Files),
                now
            );
        }
        catch (InvalidPolicyException e)
        {
            log.LogError(
                "The policies {Version} from {Source} are not valid and change nothing: {Errors}",
                version,
                found.Source,
                string.Join(Environment.NewLine, e.Errors)
            );
            return new PolicyEvent.Rejected(version, found.Publisher, found.Source, e.Errors, now);
        }
    }

    private async Task<PolicySet> ReadAsync(CancellationToken cancellation)
    {
        var readAt = clock.GetTimestamp();
        await using var session = store.QuerySession();
        if (_cached is not { } cached || cached.LogVersion != await session.PolicyLogVersion(cancellation))
        {
            var events = await session.ReadPolicyLog(cancellation);
            cached = new(
                PolicyLog.Fold(events).InForce is { } inForce && TryParse(inForce) is { } set
                    ? set
                    : throw new NoPoliciesException(),
                events.Count,
                readAt
            );
        }

        _cached = cached with { ReadAt = readAt };
        return cached.Set;
    }

    // A version that was valid once and is not valid here, for example because this machine does not know a time zone,
    // is not used.
    private PolicySet? TryParse(PolicyEvent.Published published)
    {
        try
        {
            return _parsed.GetOrAdd(published.Version, _ => PolicyFiles.Parse(published.Files));
        }
        catch (InvalidPolicyException e)
        {
            log.LogError(
                "The policies {Version} were valid when they were published and are not valid here: {Errors}",
                published.Version,
                string.Join(Environment.NewLine, e.Errors)
            );
            return null;
        }
    }

    private sealed record CachedPolicies(PolicySet Set, long LogVersion, long ReadAt);
}
