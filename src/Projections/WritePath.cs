using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Scopes;
using Marten;
using Npgsql;

namespace JitFunctions.Projections;

/// <summary>What became of a command.</summary>
/// <param name="State">The state after it; null only when there is no such request.</param>
/// <param name="Version">Number of events in the stream after it.</param>
public sealed record WriteOutcome(Decision Decision, AccessRequest? State, long Version);

/// <summary>
/// The one write path: lock the stream, load it, decide, append, save. Whoever holds the lock decides about the latest
/// state, on whichever node: no command loses a race. Readers do not wait.
/// </summary>
public static class WritePath
{
    // A node that stands still must not keep the others from ending a grant.
    private const string LongestIdle = "5s";

    /// <param name="session">Its transaction, and with it the lock, ends when something is saved, or else with the
    /// session.</param>
    /// <param name="expectedVersion">The version the caller has seen, if it must still be that one.</param>
    /// <exception cref="Marten.Exceptions.StreamLockedException">Another transaction held the lock for too long:
    /// nothing was written.</exception>
    public static async Task<WriteOutcome> Handle(
        this IDocumentSession session,
        string id,
        AccessRequestCommand command,
        Provenance provenance,
        CancellationToken cancellation,
        long? expectedVersion = null
    )
    {
        await session.BeginTransactionAsync(cancellation);
        await using (var limit = new NpgsqlCommand($"set local idle_in_transaction_session_timeout = '{LongestIdle}'"))
            await session.ExecuteAsync(limit, cancellation);
        var stream = await session.Events.FetchForExclusiveWriting<AccessRequest>(id, cancellation);
        var outcome = Decide(id, stream.Aggregate, stream.CurrentVersion, command, expectedVersion);
        if (outcome is not { State: { } state, Decision: Decision.Accepted { Events: [_, ..] events } })
            return outcome;

        provenance.StampOn(session, state.Terms.Scope.Cluster);
        stream.AppendMany(events);
        await session.SaveChangesAsync(cancellation);
        return outcome with
        {
            State = events.Aggregate(state, (s, e) => AccessRequest.Evolve(id, s, e)!),
            Version = outcome.Version + events.Count,
        };
    }

    /// <summary>The state of a request, from its stream; null when there is none.</summary>
    public static Task<AccessRequest?> ReadRequestAsync(
        this IQuerySession session,
        string id,
        CancellationToken cancellation
    ) => session.Events.AggregateStreamAsync<AccessRequest>(id, token: cancellation);

    /// <exception cref="InvalidOperationException">There is no such request.</exception>
    public static async Task<AccessRequest> ReadRequestAsync(
        this IDocumentStore store,
        string id,
        CancellationToken cancellation
    )
    {
        await using var session = store.QuerySession();
        return await session.ReadRequestAsync(id, cancellation) ?? throw NoSuchRequest(id);
    }

    internal static InvalidOperationException NoSuchRequest(string id) => new($"There is no request '{id}'.");

    /// <summary>What would become of a command now. Nothing is locked, and nothing written.</summary>
    public static async Task<WriteOutcome> Foresee(
        this IDocumentSession session,
        string id,
        AccessRequestCommand command,
        CancellationToken cancellation,
        long? expectedVersion = null
    )
    {
        var stream = await session.Events.FetchForWriting<AccessRequest>(id, cancellation);
        return Decide(id, stream.Aggregate, stream.CurrentVersion, command, expectedVersion);
    }

    /// <exception cref="Marten.Exceptions.ExistingStreamIdCollisionException">There is a request with this
    /// id.</exception>
    public static async Task Open(
        this IDocumentSession session,
        string id,
        IReadOnlyList<AccessRequestEvent> events,
        Provenance provenance,
        CancellationToken cancellation
    )
    {
        var cluster = ((AccessRequestEvent.Requested)events[0]).Terms.Scope.Cluster;
        provenance.StampOn(session, cluster);
        session.Events.StartStream<AccessRequest>(id, events);
        await session.SaveChangesAsync(cancellation);
    }

    private static WriteOutcome Decide(
        string id,
        AccessRequest? state,
        long? current,
        AccessRequestCommand command,
        long? expectedVersion
    )
    {
        if (state is null)
            return new(Rejection.NotFound(id), null, 0);
        var version = current ?? 0;
        return new(
            expectedVersion is { } expected && expected != version
                ? Rejection.VersionMismatch(version)
                : AccessRequestDecider.Decide(state, command),
            state,
            version
        );
    }
}
