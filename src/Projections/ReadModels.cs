using System.Data;
using JitFunctions.Projections.Held;
using JitFunctions.Projections.Log;
using Marten;
using Npgsql;

namespace JitFunctions.Projections;

/// <summary>A grant whose rows are not what its events say.</summary>
public sealed record ReadModelDifference(string Model, string Stream, string Reason);

/// <summary>
/// Compares who held what, when, with the events, and writes what differs anew, while the service runs. It needs the
/// role that owns the tables to write: the app's role may not change what was recorded.
/// </summary>
public sealed class ReadModels(IDocumentStore store, NpgsqlDataSource database)
{
    private const string Held = "held";

    private const string Streams = $"""
        select id from {LogTables.Schema}.mt_streams where id > $1 order by id limit 500
        """;

    /// <summary>The sequencer changes this row before it writes anything else, so it waits.</summary>
    private const string LockLog = $"select size from {LogTables.Head} for update";

    /// <param name="repair">Whether rows that differ are written anew.</param>
    /// <param name="onDifference">Is told each difference.</param>
    /// <returns>The number of streams that were compared.</returns>
    public async Task<long> CompareAsync(
        bool repair,
        Func<ReadModelDifference, Task> onDifference,
        CancellationToken cancellation
    )
    {
        // These do nothing where the tables are created at deployment.
        await store.Storage.Database.EnsureStorageExistsAsync(typeof(LogTables), cancellation);
        await store.Storage.Database.EnsureStorageExistsAsync(typeof(HeldTables), cancellation);
        await using var connection = await database.OpenConnectionAsync(cancellation);
        foreach (var stray in await HeldRows.StraysAsync(connection, cancellation))
        {
            await onDifference(new(Held, stray, "there are rows of a grant that has no events"));
            if (repair)
                await HeldRows.ReplaceAsync(connection, stray, [], cancellation);
        }

        var count = 0L;
        var last = string.Empty;
        while (await PageAsync(connection, last, cancellation) is [_, ..] page)
        {
            foreach (var id in page)
            {
                if (await DifferenceAsync(connection, id, cancellation) is not { } difference)
                    continue;
                await onDifference(difference);
                if (repair)
                    await RepairAsync(connection, id, cancellation);
            }

            (count, last) = (count + page.Count, page[^1]);
        }

        return count;
    }

    private static async Task<ReadModelDifference?> DifferenceAsync(
        NpgsqlConnection connection,
        string id,
        CancellationToken cancellation
    )
    {
        // Both statements see the same state, whatever the sequencer writes meanwhile.
        await using var transaction = await connection.BeginTransactionAsync(
            IsolationLevel.RepeatableRead,
            cancellation
        );
        var expected = await HeldModel.ExpectedAsync(connection, id, cancellation);
        var actual = (await HeldRows.ReadAsync(connection, id, cancellation)).ToHashSet();
        if (expected.FirstOrDefault(row => !actual.Contains(row)) is { } missing)
            return new(
                Held,
                id,
                $"the period {missing.Part} in {missing.Namespace} is missing, or not what the events say"
            );
        return actual.FirstOrDefault(row => !expected.Contains(row)) is { } added
            ? new(Held, id, $"the events have no period {added.Part} in {added.Namespace}")
            : null;
    }

    private static async Task RepairAsync(NpgsqlConnection connection, string id, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using (var wait = new NpgsqlCommand(LockLog, connection))
            await wait.ExecuteNonQueryAsync(cancellation);
        var expected = await HeldModel.ExpectedAsync(connection, id, cancellation);
        await HeldRows.ReplaceAsync(connection, id, expected, cancellation);
        await transaction.CommitAsync(cancellation);
    }

    private static async Task<IReadOnlyList<string>> PageAsync(
        NpgsqlConnection connection,
        string after,
        CancellationToken cancellation
    )
    {
        await using var command = new NpgsqlCommand(Streams, connection) { Parameters = { new() { Value = after } } };
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        var found = new List<string>();
        while (await rows.ReadAsync(cancellation))
            found.Add(rows.GetString(0));
        return found;
    }
}
