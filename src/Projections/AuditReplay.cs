using JasperFx.Events;
using Marten;
using Npgsql;

namespace JitFunctions.Projections;

/// <summary>All events of all streams in order, so that a reader can stop anywhere and go on later without a gap.</summary>
public static class AuditReplay
{
    /// <summary>
    /// The last sequence below which nothing can appear any more. Sequences are taken before the transaction commits, so a
    /// lower one may become visible after a higher one. <see cref="AppendLock"/> tells when no append is under way.
    /// </summary>
    public static async Task<long> SettledSequence(this NpgsqlDataSource database, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var command = new NpgsqlCommand(
            $"""
             set local lock_timeout = '5s';
             select pg_advisory_xact_lock({AppendLock.Key});
             """, connection, transaction);
        await command.ExecuteNonQueryAsync(cancellation);

        // A statement of its own: its snapshot has to be taken after the lock.
        command.CommandText = $"select coalesce(max(seq_id), 0) from {EventStore.Schema}.mt_events";
        try
        {
            return (long)(await command.ExecuteScalarAsync(cancellation))!;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            // The first event makes the tables where the schema is created on demand.
            return 0;
        }
    }

    public static async Task<IReadOnlyList<IEvent>> ReplayAll(
        this IQuerySession session, long after, long upTo, int limit, CancellationToken cancellation) =>
        await session.Events.QueryAllRawEvents()
            .Where(e => e.Sequence > after && e.Sequence <= upTo)
            .OrderBy(e => e.Sequence)
            .Take(limit)
            .ToListAsync(cancellation);
}
