using JasperFx.Events;
using Marten;
using Npgsql;

namespace JitFunctions.Projections.Log;

/// <summary>What one run of the sequencer did.</summary>
/// <param name="IsElsewhere">Another node appends and signs now, so this one did nothing.</param>
/// <param name="Appended">The events that came into the log.</param>
public sealed record SequencerRun(LogStatus Status, bool IsElsewhere = false, int Appended = 0);

/// <summary>
/// Puts stored events into the transparency log, in the order of their sequence numbers, and signs the log. It runs
/// behind the writers: these never wait for it. Any number of nodes may run it, and it may end anywhere: what was not
/// committed is done again.
/// </summary>
/// <param name="signing">Null without keys: the log is built, but not signed.</param>
/// <param name="model">Is written in the same transactions.</param>
public sealed class LogSequencer(
    IDocumentStore store,
    NpgsqlDataSource database,
    CheckpointSigning? signing,
    ILoggedReadModel model,
    TimeProvider clock
)
{
    /// <summary>A number that no other lock in the database uses.</summary>
    internal const long LockKey = 0x6a69742d736571; // "jit-seq"

    /// <exception cref="LogInconsistentException">Somebody changed the tables: nothing was appended or
    /// signed.</exception>
    /// <exception cref="UnloggableEventException">The next event has no canonical form.</exception>
    public async Task<SequencerRun> RunAsync(CancellationToken cancellation)
    {
        // These do nothing where the tables are created at deployment.
        await store.Storage.Database.EnsureStorageExistsAsync(typeof(IEvent), cancellation);
        await store.Storage.Database.EnsureStorageExistsAsync(typeof(LogTables), cancellation);
        await store.Storage.Database.EnsureStorageExistsAsync(model.StorageType, cancellation);

        await using var connection = await database.OpenConnectionAsync(cancellation);
        var status = await LogStatus.ReadAsync(connection, cancellation);
        if (status.WaitingSince is null && (signing is null || status.Size == (status.SignedSize ?? 0)))
            return new(status);

        // The lock keeps nodes from doing the same work. That nothing is there twice does not depend on it.
        if (!await LockAsync(connection, cancellation))
            return new(status, IsElsewhere: true);
        try
        {
            var appended = await AppendAsync(connection, cancellation);
            if (signing is not null)
                await signing.SignAsync(connection, cancellation);
            return new(await LogStatus.ReadAsync(connection, cancellation), Appended: appended);
        }
        finally
        {
            await UnlockAsync(connection);
        }
    }

    private async Task<int> AppendAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var appended = 0;
        if (await SettledEvents.ReadAsync(connection, clock, cancellation) is not { } settled)
            return appended;
        while (await AppendBatchAsync(connection, settled, cancellation) is > 0 and var count)
            appended += count;
        return appended;
    }

    /// <returns>The number of events in the batch.</returns>
    private async Task<int> AppendBatchAsync(NpgsqlConnection connection, long settled, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var head = await LogHead.ReadAsync(connection, cancellation);
        var rows = await EventBatch.ReadAsync(connection, head.Sequence, settled, cancellation);
        if (rows is [])
            return 0;
        var tail = await TailReader.ReadAsync(connection, head, cancellation);
        var tiles = new List<LogTile>();
        foreach (var row in rows)
            tail.Append(row.Hash, tiles.Add);
        if (!await LogAppend.WriteAsync(connection, head, tail.Head(rows[^1].Sequence), rows, tiles, cancellation))
            return 0; // somebody else appends
        await model.FollowAsync(connection, head.Size, cancellation);
        await transaction.CommitAsync(cancellation);
        return rows.Count;
    }

    private static async Task<bool> LockAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand($"select pg_try_advisory_lock({LockKey})", connection);
        return await command.ExecuteScalarAsync(cancellation) is true;
    }

    private static async Task UnlockAsync(NpgsqlConnection connection)
    {
        // If the connection is broken, the lock is gone with it.
        if (connection.State is System.Data.ConnectionState.Closed or System.Data.ConnectionState.Broken)
            return;
        await using var command = new NpgsqlCommand($"select pg_advisory_unlock({LockKey})", connection);
        await command.ExecuteScalarAsync(CancellationToken.None);
    }
}
