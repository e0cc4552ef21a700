using JitFunctions.Domain.Grants;
using Marten;
using Npgsql;

namespace JitFunctions.Projections;

/// <summary>
/// Appends to the stream of a cluster, to which the reconciler and deliveries of its audit log write.
/// </summary>
public static class ClusterAppends
{
    // With the hash of the cluster's name, a number that no other lock uses.
    private const int LockClass = 0x6a697463; // "jitc"

    /// <summary>
    /// From here until the end of the transaction, no other writer appends to the stream. Lock rows of tables first:
    /// two transactions that do both in a different order would block each other.
    /// </summary>
    public static async Task LockClusterAsync(
        this IDocumentSession session,
        string cluster,
        CancellationToken cancellation
    )
    {
        await session.BeginTransactionAsync(cancellation);
        await using var command = new NpgsqlCommand($"select pg_advisory_xact_lock({LockClass}, hashtext($1))")
        {
            Parameters = { new() { Value = cluster } },
        };
        await session.ExecuteAsync(command, cancellation);
    }

    /// <summary>Appends when the session is saved, to a stream that is locked.</summary>
    public static void AppendToCluster(
        this IDocumentSession session,
        string cluster,
        IEnumerable<ClusterEvent> events,
        Provenance provenance
    )
    {
        provenance.StampOn(session, cluster);
        session.Events.Append(ClusterEvent.StreamFor(cluster), events);
    }
}
