using JitFunctions.Domain.Policies;
using JitFunctions.PolicyReading;
using JitFunctions.Projections;
using Marten;
using Microsoft.Extensions.Logging;

namespace JitFunctions.Functions.Policies;

/// <summary>
/// Publishes policies: a new version at the source is first recorded as an event; an invalid version is recorded too
/// and never comes into force.
/// </summary>
public sealed class PolicyPublisher(
    IDocumentStore store,
    PolicySource source,
    TimeProvider clock,
    ILogger<PolicyPublisher> log
) : IDisposable
{
    private readonly SemaphoreSlim _publishing = new(1);
    private volatile PolicySourceText? _lastRead;
    private volatile bool _hasReadSource;

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

    /// <summary>Reads the source and records a new version.</summary>
    /// <returns>Whether something was recorded.</returns>
    public async Task<bool> PublishAsync(CancellationToken cancellation)
    {
        // One at a time: otherwise an older read could be recorded after a newer one and restore an older version.
        await _publishing.WaitAsync(cancellation);
        try
        {
            return await PublishFromSourceAsync(cancellation);
        }
        finally
        {
            _publishing.Release();
        }
    }

    /// <summary>
    /// Publishes what the source has when this node has not read it yet, so that it is in force immediately, and as
    /// long as nothing is in force. Otherwise nobody waits for a source that is unavailable. Never fails.
    /// </summary>
    public async Task PublishFirstAsync(bool anyInForce, CancellationToken cancellation)
    {
        if (_hasReadSource && (anyInForce || _lastRead is not null))
            return;
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

    public void Dispose() => _publishing.Dispose();

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

    private async Task<bool> PublishFromSourceAsync(CancellationToken cancellation)
    {
        var found = await source.ReadAsync(cancellation);

        // Only a change since this node last read its source counts: during a rollout, the nodes that still have the
        // old version must not restore it.
        if (_lastRead is { } last && PolicyFiles.VersionOf(last.Files) == PolicyFiles.VersionOf(found.Files))
            return false;

        var recorded = await store.RecordAsync(history => Describe(found, history), Channel.Policies, cancellation);
        _lastRead = found;
        return recorded;
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
}
