using Npgsql;

namespace JitFunctions.Projections.Log;

/// <summary>How far the log is behind the event store.</summary>
/// <param name="Size">The number of leaves.</param>
/// <param name="SignedSize">The size of the newest checkpoint; null if there is none.</param>
/// <param name="WaitingSince">When the oldest event was stored that is not in the log; null if all are.</param>
public sealed record LogStatus(long Size, long? SignedSize, DateTimeOffset? WaitingSince)
{
    // Both parts use an index, and neither reads more than a row.
    private const string Look = $"""
        select coalesce(h.size, 0), (select max(size) from {LogTables.Checkpoint}),
          (select e.timestamp from {StoredEvent.Table} e where e.seq_id > coalesce(h.seq, 0) order by e.seq_id limit 1)
        from (values (1)) as one (id) left join {LogTables.Head} h on h.id = one.id
        """;

    /// <summary>One statement, which locks nothing.</summary>
    public static async Task<LogStatus> ReadAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Look, connection);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);
        return new(
            row.GetInt64(0),
            row.IsDBNull(1) ? null : row.GetInt64(1),
            row.IsDBNull(2) ? null : row.GetFieldValue<DateTimeOffset>(2)
        );
    }
}
