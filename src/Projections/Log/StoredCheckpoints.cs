using JitFunctions.TransparencyLog.Checkpoints;
using Npgsql;

namespace JitFunctions.Projections.Log;

/// <summary>The checkpoints that the log has signed and published.</summary>
public static class StoredCheckpoints
{
    private const string Newest = $"select note from {LogTables.Checkpoint} order by size desc limit 1";
    private const string OfSize = $"select note from {LogTables.Checkpoint} where size = $1";

    private const string Insert = $"""
        insert into {LogTables.Checkpoint} (size, note, at) values ($1, $2, $3) on conflict do nothing
        """;

    /// <param name="size">Null for the newest one.</param>
    /// <returns>Null if there is none.</returns>
    /// <exception cref="LogInconsistentException">Somebody changed it into something else.</exception>
    public static async Task<SignedCheckpoint?> ReadCheckpointAsync(
        this NpgsqlConnection connection,
        long? size,
        CancellationToken cancellation
    )
    {
        await using var command = new NpgsqlCommand(size is null ? Newest : OfSize, connection);
        if (size is { } one)
            command.Parameters.Add(new() { Value = one });
        if (await command.ExecuteScalarAsync(cancellation) is not string note)
            return null;
        try
        {
            return SignedCheckpoint.Parse(note);
        }
        catch (FormatException e)
        {
            throw new LogInconsistentException("A stored checkpoint of the log is not one.", e);
        }
    }

    internal static async Task InsertAsync(
        NpgsqlConnection connection,
        SignedCheckpoint checkpoint,
        DateTimeOffset at,
        CancellationToken cancellation
    )
    {
        await using var command = new NpgsqlCommand(Insert, connection)
        {
            Parameters =
            {
                new() { Value = checkpoint.Checkpoint.Size },
                new() { Value = checkpoint.ToString() },
                new() { Value = at.ToUniversalTime() },
            },
        };
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
