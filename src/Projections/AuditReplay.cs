using JasperFx.Events;
using Marten;
using Npgsql;

namespace JitFunctions.Projections;

/// <summary>
/// All events of all streams in order, so that a reader can stop anywhere and go on later without a gap.
/// </summary>
public static class AuditReplay
{
    /// <summary>
    /// How much earlier than its predecessors an event may be by its time: nodes have clocks of their own, and
    /// transactions take a while.
    /// </summary>
    private static readonly TimeSpan MostDisorder = TimeSpan.FromHours(1);

    /// <summary>
    /// The last sequence below which nothing can appear any more. Sequences are taken before the transaction commits,
    /// so a lower one may become visible after a higher one. <see cref="AppendLock"/> tells when no append is under
    /// way.
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

    /// <param name="since">Inclusive, of the time at which an event was stored.</param>
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
        // Events have no index by time. Their order is nearly that of their sequences, so that these are searched by
        // halves.
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
    /// A sequence of at least <paramref name="after"/>, up to which all events were stored before the time, and behind
    /// which one begins that was not, by clocks that differ by no more than <see cref="MostDisorder"/>.
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
            // Sequences have gaps.
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
