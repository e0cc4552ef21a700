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
    /// <exception cref="JasperFx.ConcurrencyException">Somebody else appended meanwhile: nothing was written.</exception>
    public static async Task<Outcome> Handle(
        this IDocumentSession session, string id, AccessRequestCommand command, Provenance provenance, CancellationToken cancellation)
    {
        var stream = await session.Events.FetchForWriting<AccessRequest>(id, cancellation);
        if (stream.Aggregate is not { } state)
            return new(Rejection.NotFound(id), null, 0);

        var decision = AccessRequestDecider.Decide(state, command);
        if (decision is not Decision.Accepted { Events: [_, ..] events })
            return new(decision, state, stream.CurrentVersion ?? 0);

        provenance.StampOn(session, state.Terms.Scope.Cluster);
        stream.AppendMany(events);
        await session.SaveChangesAsync(cancellation);
        return new(decision, events.Aggregate(state, (s, e) => AccessRequest.Evolve(id, s, e)!), stream.CurrentVersion ?? 0);
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
