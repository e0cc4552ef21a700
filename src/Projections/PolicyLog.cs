using JasperFx.Events;
using JitFunctions.Domain.Policies;
using Marten;

namespace JitFunctions.Projections;

/// <summary>Reads and writes the history of the policies.</summary>
public static class PolicyLog
{
    private const string NoCluster = "";

    /// <summary>Records what was found at the source, unless it is already known.</summary>
    /// <param name="found">Returns the event for what was found, given the history.</param>
    /// <returns>True if an event was recorded.</returns>
    public static Task<bool> RecordAsync(
        this IDocumentStore store,
        Func<PolicyHistory, PolicyEvent> found,
        Provenance provenance,
        CancellationToken cancellation
    ) => store.TryUntilWonAsync(session => RecordAsync(session, found, provenance, cancellation), cancellation);

    private static async Task<bool> RecordAsync(
        IDocumentSession session,
        Func<PolicyHistory, PolicyEvent> found,
        Provenance provenance,
        CancellationToken cancellation
    )
    {
        var events = await session.ReadPolicyLog(cancellation);
        var history = Fold(events);
        if (history.Decide(found(history)) is not { } fact)
            return false;

        provenance.StampOn(session, NoCluster);
        if (events is [])
            session.Events.StartStream(PolicyEvent.Stream, fact);
        else
            session.Events.Append(PolicyEvent.Stream, events.Count + 1, fact);
        await session.SaveChangesAsync(cancellation);
        return true;
    }

    /// <summary>Returns the number of events so far. While it stays the same, the policies have not changed.</summary>
    public static async Task<long> PolicyLogVersion(this IQuerySession session, CancellationToken cancellation) =>
        (await session.Events.FetchStreamStateAsync(PolicyEvent.Stream, cancellation))?.Version ?? 0;

    /// <summary>Returns the whole history, oldest first.</summary>
    public static async Task<IReadOnlyList<IEvent>> ReadPolicyLog(
        this IQuerySession session,
        CancellationToken cancellation
    ) => await session.Events.FetchStreamAsync(PolicyEvent.Stream, token: cancellation);

    public static PolicyHistory Fold(IEnumerable<IEvent> events) =>
        events.Select(e => e.Data).OfType<PolicyEvent>().Aggregate(PolicyHistory.Empty, PolicyHistory.Evolve);
}
