using JitFunctions.Domain.Record;
using Marten;

namespace JitFunctions.Projections;

/// <summary>Stores events about the record itself.</summary>
public static class RecordLog
{
    private const string NoCluster = "";

    /// <summary>
    /// Stores the event in a stream of its own, so that no two of them ever wait for each other.
    /// </summary>
    public static async Task RecordAsync(
        this IDocumentStore store,
        RecordEvent fact,
        Provenance provenance,
        CancellationToken cancellation
    )
    {
        await using var session = store.LightweightSession();
        session.AppendRecord(fact, provenance);
        await session.SaveChangesAsync(cancellation);
    }

    internal static void AppendRecord(this IDocumentSession session, RecordEvent fact, Provenance provenance)
    {
        provenance.StampOn(session, NoCluster);
        var kind = fact switch
        {
            RecordEvent.Read => "reading",
            RecordEvent.Pruned => "pruning",
            _ => "erasure",
        };
        session.Events.StartStream($"{kind}-{Guid.CreateVersion7():N}", fact);
    }
}
