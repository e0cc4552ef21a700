using JasperFx.Events;
using Marten;
using Npgsql;

namespace JitFunctions.Projections;

/// <summary>All events of all streams in order, so that a reader can stop anywhere and go on later without a gap.</summary>
public static class AuditReplay
{
    /// <summary>
    /// The last sequence below which nothing can appear any more. Sequences are taken before the transaction commits, so a
    /// lower one may become visible after a higher one. A SHARE lock waits for every writer that has begun to append and
    /// holds back new ones for the moment it takes to read the maximum.
    /// </summary>
    public static async Task<long> SettledSequence(this NpgsqlDataSource database, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var command = new NpgsqlCommand(
            $"""
             set local lock_timeout = '5s';
             lock table {EventStore.Schema}.mt_events in share mode;
             select coalesce(max(seq_id), 0) from {EventStore.Schema}.mt_events;
             """, connection, transaction);
        var last = (long)(await command.ExecuteScalarAsync(cancellation))!;
        await transaction.CommitAsync(cancellation);
        return last;
    }

    public static async Task<IReadOnlyList<IEvent>> ReplayAll(
        this IQuerySession session, long after, long upTo, int limit, CancellationToken cancellation) =>
        await session.Events.QueryAllRawEvents()
            .Where(e => e.Sequence > after && e.Sequence <= upTo)
            .OrderBy(e => e.Sequence)
            .Take(limit)
            .ToListAsync(cancellation);
}
