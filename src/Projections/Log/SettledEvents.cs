using Npgsql;

namespace JitFunctions.Projections.Log;

/// <summary>
/// Tells up to which sequence number no event can appear any more, without making anybody wait: it takes no lock. It
/// looks at who holds the <see cref="AppendLock"/>, and waits until these transactions are over.
/// </summary>
internal static class SettledEvents
{
    /// <summary>How long it waits for a writer. Writers that hang are ended after about this time.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private const string Holders = $"""
        select coalesce(array_agg(distinct virtualtransaction), array[]::text[]) from pg_locks
        where locktype = 'advisory' and granted and objsubid = 1
          and classid = {AppendLock.ClassId} and objid = {AppendLock.ObjectId}
          and database = (select oid from pg_database where datname = current_database())
        """;

    /// <returns>Null if a writer took too long: nothing new is settled.</returns>
    public static async Task<long?> ReadAsync(
        NpgsqlConnection connection,
        TimeProvider clock,
        CancellationToken cancellation
    )
    {
        // First the last number that anybody took, then the writers: whoever took a number up to it, and is not over,
        // is among them. Their locks end after their rows are visible.
        await using var look = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new($"select coalesce(pg_sequence_last_value('{LogTables.Schema}.mt_events_sequence'::regclass), 0)"),
                new(Holders),
            },
        };
        long last;
        string[] writers;
        await using (var rows = await look.ExecuteReaderAsync(cancellation))
        {
            await rows.ReadAsync(cancellation);
            last = rows.GetInt64(0);
            await rows.NextResultAsync(cancellation);
            await rows.ReadAsync(cancellation);
            writers = rows.GetFieldValue<string[]>(0);
        }

        var begun = clock.GetTimestamp();
        while (writers is not [])
        {
            if (clock.GetElapsedTime(begun) > LongestWait)
                return null;
            await Task.Delay(Pause, clock, cancellation);
            await using var command = new NpgsqlCommand(Holders, connection);
            var now = (string[])(await command.ExecuteScalarAsync(cancellation))!;
            writers = [.. writers.Intersect(now)];
        }

        return last;
    }
}
