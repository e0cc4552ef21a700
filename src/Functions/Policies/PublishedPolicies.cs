using System.Collections.Concurrent;
using JitFunctions.Domain.Policies;
using JitFunctions.PolicyReading;
using JitFunctions.Projections;
using Marten;
using Microsoft.Extensions.Logging;

namespace JitFunctions.Functions.Policies;

/// <summary>No policies that are valid here have ever been published, so nothing can be judged.</summary>
public sealed class NoPoliciesException() : Exception("No policies that are valid here have been published yet.");

/// <summary>
/// The policies that decide: the last valid version in the event store, which is the same for every node, whatever each
/// finds at its source. What is found there is published as an event first; an invalid version is recorded and never
/// decides.
/// </summary>
public sealed class PublishedPolicies(
    IDocumentStore store,
    PolicySource source,
    TimeProvider clock,
    ILogger<PublishedPolicies> log
) : IDisposable
{
    /// <summary>How long after a publication another node may still go by the version before.</summary>
    private static readonly TimeSpan GoodFor = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _reading = new(1);
    private readonly SemaphoreSlim _publishing = new(1);
    private readonly SemaphoreSlim _lookingUp = new(1);
    private readonly ConcurrentDictionary<string, PolicySet> _parsed = [];
    private volatile Known? _known;
    private volatile PolicySourceText? _lastFound;
    private volatile bool _hasLooked;

    /// <exception cref="NoPoliciesException" />
    public async ValueTask<PolicySet> GetAsync(CancellationToken cancellation)
    {
        if (_known is { } known && clock.GetElapsedTime(known.ReadAt) < GoodFor)
            return known.Set;

        await _reading.WaitAsync(cancellation);
        try
        {
            if (_known is { } fresh && clock.GetElapsedTime(fresh.ReadAt) < GoodFor)
                return fresh.Set;
            // At first, so that what is at the source decides at once, and as long as nothing does. Else nobody waits
            // for a source that is away.
            if (!_hasLooked || (_known is null && _lastFound is null))
                await TryPublishAsync(cancellation);
            return await ReadAsync(cancellation);
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <summary>
    /// At the start: what is at the source must be valid, unless an earlier version is in force already.
    /// </summary>
    /// <returns>What is wrong, one line each; empty when the app can work.</returns>
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
    /// The policies of a version that was published at any time; null when there was no such version, or none that is
    /// valid here.
    /// </summary>
    public async Task<PolicySet?> OfVersionAsync(string version, CancellationToken cancellation)
    {
        if (_parsed.TryGetValue(version, out var parsed))
            return parsed;

        // One at a time: with a version that is no longer valid here, each call would read all of them on a connection
        // of its own.
        await _lookingUp.WaitAsync(cancellation);
        try
        {
            return _parsed.TryGetValue(version, out var meanwhile)
                ? meanwhile
                : await FindVersionAsync(version, cancellation);
        }
        finally
        {
            _lookingUp.Release();
        }
    }

    /// <summary>Looks at the source and records what is new there.</summary>
    public async Task PublishAsync(CancellationToken cancellation)
    {
        // One at a time, or what was read earlier could be recorded later and bring an older version back.
        await _publishing.WaitAsync(cancellation);
        try
        {
            await PublishFoundAsync(cancellation);
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
        _lookingUp.Dispose();
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

    // Revoking and expiring must go on when nobody can say what the policies are, and what has been published is still
    // known.
    private async Task<bool> AnyInForceAsync(CancellationToken cancellation)
    {
        try
        {
            await using var session = store.QuerySession();
            return (await session.ReadPolicyLog(cancellation)).Any(e => e.Data is PolicyEvent.Published);
        }
        catch (Exception) when (!cancellation.IsCancellationRequested)
        {
            // Without the event store the app could not work anyhow, and what is wrong with the policies is told.
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
            // What was published before is in force; if nothing was, or the event store is away, reading it says so.
            log.LogWarning(e, "What is at the source of the policies cannot be published");
        }

        _hasLooked = true;
    }

    private async Task PublishFoundAsync(CancellationToken cancellation)
    {
        var found = await source.ReadAsync(cancellation);

        // Only what has changed here since this node looked last: while a new version is rolled out, the nodes that
        // still see the old one must not bring it back.
        if (_lastFound is { } last && PolicyFiles.VersionOf(last.Files) == PolicyFiles.VersionOf(found.Files))
            return;

        if (await store.RecordAsync(history => Describe(found, history), Channel.Policies, cancellation))
            _known = null;
        _lastFound = found;
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
        if (_known is not { } known || known.LogVersion != await session.PolicyLogVersion(cancellation))
        {
            var events = await session.ReadPolicyLog(cancellation);
            known = new(
                PolicyLog.Fold(events).InForce is { } inForce && TryParse(inForce) is { } set
                    ? set
                    : throw new NoPoliciesException(),
                events.Count,
                readAt
            );
        }

        _known = known with { ReadAt = readAt };
        return known.Set;
    }

    // What was valid once and no longer is, such as with a time zone that this machine does not know, is no policy
    // here.
    private PolicySet? TryParse(PolicyEvent.Published published)
    {
        try
        {
            return _parsed.GetOrAdd(published.Version, _ => PolicyFiles.Parse(published.Files));
        }
        catch (InvalidPolicyException e)
        {
            log.LogError(
                "The policies {Version} were valid when they were published and are not here: {Errors}",
                published.Version,
                string.Join(Environment.NewLine, e.Errors)
            );
            return null;
        }
    }

    private sealed record Known(PolicySet Set, long LogVersion, long ReadAt);
}
