using JitFunctions.Domain.Requests;
using Marten;

namespace JitFunctions.Projections;

/// <summary>What became of a command.</summary>
/// <param name="State">The state after it; null only when there is no such request.</param>
/// <param name="Version">Number of events in the stream after it.</param>
public sealed record Outcome(Decision Decision, AccessRequest? State, long Version);

/// <summary>The one write path: load, decide, append, save, with optimistic concurrency.</summary>
public static class WritePath
{
    /// <param name="expectedVersion">The version the caller has seen, if it must still be that one.</param>
    /// <exception cref="JasperFx.ConcurrencyException">Somebody else appended meanwhile: nothing was written.</exception>
    public static async Task<Outcome> Handle(
        this IDocumentSession session, string id, AccessRequestCommand command, Provenance provenance, CancellationToken cancellation,
        long? expectedVersion = null)
    {
        var stream = await session.Events.FetchForWriting<AccessRequest>(id, cancellation);
        if (stream.Aggregate is not { } state)
            return new(Rejection.NotFound(id), null, 0);

        var version = stream.CurrentVersion ?? 0;
        if (expectedVersion is { } expected && expected != version)
            return new(Rejection.VersionMismatch(version), state, version);

        var decision = AccessRequestDecider.Decide(state, command);
        if (decision is not Decision.Accepted { Events: [_, ..] events })
            return new(decision, state, version);

        provenance.StampOn(session, state.Terms.Scope.Cluster);
        stream.AppendMany(events);
        await session.SaveChangesAsync(cancellation);
        return new(decision, events.Aggregate(state, (s, e) => AccessRequest.Evolve(id, s, e)!), version + events.Count);
    }

    /// <exception cref="Marten.Exceptions.ExistingStreamIdCollisionException">There is a request with this id.</exception>
    public static async Task Open(
        this IDocumentSession session, string id, IReadOnlyList<AccessRequestEvent> events, Provenance provenance, CancellationToken cancellation)
    {
        var cluster = ((AccessRequestEvent.Requested)events[0]).Terms.Scope.Cluster;
        provenance.StampOn(session, cluster);
        session.Events.StartStream<AccessRequest>(id, events);
        await session.SaveChangesAsync(cancellation);
    }
}
