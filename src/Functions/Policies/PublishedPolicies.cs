using System.Collections.Concurrent;
using JitFunctions.Domain.Policies;
using JitFunctions.Functions.Platform;
using JitFunctions.PolicyReading;
using JitFunctions.Projections;
using Marten;
using Microsoft.Extensions.Logging;

namespace JitFunctions.Functions.Policies;

/// <summary>No policies that are valid here have ever been published, so no request can be evaluated.</summary>
public sealed class NoPoliciesException() : Exception("No policies that are valid here have been published yet.");

/// <summary>
/// The policies in force: the last valid version in the event store, which is the same for every node, whatever each
/// node reads from its source.
/// </summary>
public sealed class PublishedPolicies(
    IDocumentStore store,
    PolicyPublisher publisher,
    TimeProvider clock,
    ILogger<PublishedPolicies> log
) : IDisposable
{
    /// <summary>How long after a publication another node may still use the previous version.</summary>
    private static readonly TimeSpan GoodFor = TimeSpan.FromSeconds(1);

    private readonly SharedResult<PolicySet> _inForce = new(GoodFor, clock, keepsFailures: false);
    private readonly SemaphoreSlim _versionLookup = new(1);
    private readonly ConcurrentDictionary<string, PolicySet> _parsed = [];
    private volatile LastPolicies? _last;

    /// <exception cref="NoPoliciesException" />
    public Task<PolicySet> GetAsync(CancellationToken cancellation) => _inForce.GetAsync(ReadAsync, cancellation);

    /// <summary>Reads the source, records a new version, and uses it on this node at once.</summary>
    public async Task PublishAsync(CancellationToken cancellation)
    {
        if (await publisher.PublishAsync(cancellation))
            _inForce.Forget();
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

    public void Dispose() => _versionLookup.Dispose();

    private async Task<PolicySet?> FindVersionAsync(string version, CancellationToken cancellation)
    {
        await using var session = store.QuerySession();
        var published = (await session.ReadPolicyLog(cancellation))
            .Select(e => e.Data)
            .OfType<PolicyEvent.Published>()
            .FirstOrDefault(e => e.Version == version);
        return published is null ? null : TryParse(published);
    }

    // Without the cancellation of a caller: others wait for the same result.
    private async Task<PolicySet> ReadAsync()
    {
        await publisher.PublishFirstAsync(anyInForce: _last is not null, CancellationToken.None);
        await using var session = store.QuerySession();
        if (_last is not { } last || last.LogVersion != await session.PolicyLogVersion(CancellationToken.None))
        {
            var events = await session.ReadPolicyLog(CancellationToken.None);
            _last = last = new(
                PolicyLog.Fold(events).InForce is { } inForce && TryParse(inForce) is { } set
                    ? set
                    : throw new NoPoliciesException(),
                events.Count
            );
        }

        return last.Set;
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

    private sealed record LastPolicies(PolicySet Set, long LogVersion);
}
