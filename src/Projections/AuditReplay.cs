using JasperFx.Events;
using JitFunctions.Projections.Log;
using Marten;
using Npgsql;

namespace JitFunctions.Projections;

/// <summary>
/// Reads all events of all streams in order, so that a reader can stop anywhere and continue later without a gap.
/// </summary>
public static class AuditReplay
{
    /// <summary>
    /// The maximum by which the timestamp of an event may be earlier than those of its predecessors: nodes have
    /// different clocks, and transactions take some time.
    /// </summary>
    private static readonly TimeSpan MostDisorder = TimeSpan.FromHours(1);

    /// <summary>
    /// Returns the last sequence number below which no event can appear any more. Sequence numbers are assigned before
    /// the transaction commits, so a lower one may become visible after a higher one. <see cref="AppendLock"/> shows
    /// when no append is in progress.
    /// </summary>
    public static async Task<long> SettledSequence(this NpgsqlDataSource database, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var command = new NpgsqlCommand(
            $"""
            set local lock_timeout = '5s';
            select pg_advisory_xact_lock({AppendLock.Key});
            """,
            connection,
            transaction
        );
        await command.ExecuteNonQueryAsync(cancellation);

        // This must be a separate statement, because its snapshot must be taken after the lock.
        command.CommandText = $"select coalesce(max(seq_id), 0) from {EventStore.Schema}.mt_events";
        try
        {
            return (long)(await command.ExecuteScalarAsync(cancellation))!;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            // If the schema is created on demand, the first event creates the tables.
            return 0;
        }
    }

    /// <param name="since">Inclusive; compared with the time at which an event was stored.</param>
    /// <param name="until">Exclusive.</param>
    public static async Task<IReadOnlyList<IEvent>> ReplayAll(
        this IQuerySession session,
        long after,
        long upTo,
        int limit,
        DateTimeOffset? since,
        DateTimeOffset? until,
        CancellationToken cancellation
    )
    {
        // Events have no index by time. Their time order is nearly their sequence order, so a binary search over the
        // sequence numbers finds the range.
        if (since is { } begin)
            after = await session.LastBefore(begin - MostDisorder, after, upTo, cancellation);
        if (until is { } end)
            upTo = await session.LastBefore(end + MostDisorder, after, upTo, cancellation);

        var events = session.Events.QueryAllRawEvents().Where(e => e.Sequence > after && e.Sequence <= upTo);
        if (since is { } from)
            events = events.Where(e => e.Timestamp >= from);
        if (until is { } to)
            events = events.Where(e => e.Timestamp < to);
        return await events.OrderBy(e => e.Sequence).Take(limit).ToListAsync(cancellation);
    }

    /// <summary>
    /// Returns a sequence number of at least <paramref name="after"/>. All events up to it were stored before the time,
    /// and the next event was not, assuming that clocks differ by no more than <see cref="MostDisorder"/>.
    /// </summary>
    private static async Task<long> LastBefore(
        this IQuerySession session,
        DateTimeOffset time,
        long after,
        long upTo,
        CancellationToken cancellation
    )
    {
        while (after < upTo)
        {
            var middle = after + ((upTo - after) / 2);
            // Sequence numbers have gaps.
            var next = await session
                .Events.QueryAllRawEvents()
                .Where(e => e.Sequence > middle && e.Sequence <= upTo)
                .OrderBy(e => e.Sequence)
                .FirstOrDefaultAsync(cancellation);
            if (next is null || next.Timestamp >= time)
                upTo = middle;
            else
                after = next.Sequence;
        }

        return after;
    }
}
