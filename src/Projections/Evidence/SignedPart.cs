using JitFunctions.Projections.Log;
using Npgsql;

namespace JitFunctions.Projections.Evidence;

/// <summary>How far the signed log has come.</summary>
public static class SignedPart
{
    private const string Waiting = $"""
        select exists (
          select 1 from {StoredEvent.Table} e
          where e.timestamp < $1 and e.seq_id > coalesce(
            (select l.seq from {LogTables.Leaf} l where l.idx = (select max(size) from {LogTables.Checkpoint}) - 1), 0)
        )
        """;

    /// <summary>Whether a checkpoint has been signed with all events that were stored before this time.</summary>
    public static async Task<bool> HasAllBeforeAsync(
        this NpgsqlConnection connection,
        DateTimeOffset time,
        CancellationToken cancellation
    )
    {
        await using var command = new NpgsqlCommand(Waiting, connection) { Parameters = { new() { Value = time } } };
        return await command.ExecuteScalarAsync(cancellation) is false;
    }
}
