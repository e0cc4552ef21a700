using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Scopes;
using Marten;
using Npgsql;

namespace JitFunctions.Projections;

/// <summary>The outcome of a command.</summary>
/// <param name="State">The state after the command; null only if the request does not exist.</param>
/// <param name="Version">The number of events in the stream after the command.</param>
public sealed record WriteOutcome(Decision Decision, AccessRequest? State, long Version);

/// <summary>
/// The one write path: lock the stream, load it, decide, append, save. The holder of the lock decides about the latest
/// state, on whichever node, so that there are no write conflicts. Readers do not wait.
/// </summary>
public static class WritePath
{
    // A node that hangs must not prevent others from ending a grant.
    private const string LongestIdle = "5s";

    /// <param name="session">Its transaction, and with it the lock, ends when something is saved, or otherwise with the
    /// session.</param>
    /// <param name="expectedVersion">The version that the caller has seen, if the request must still have it.</param>
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
        if (command is AccessRequestCommand.DecideActivation activation && stream.Aggregate is { } approved)
            command = activation with { Others = await session.BeforeActivationAsync(approved, cancellation) };
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

    /// <summary>Returns the state of a request from its stream; null if the request does not exist.</summary>
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

    /// <summary>Returns what a command would lead to now. Nothing is locked or written.</summary>
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
