using JitFunctions.TransparencyLog.Checkpoints;
using JitFunctions.TransparencyLog.Hashing;
using JitFunctions.TransparencyLog.Proofs;
using Npgsql;

namespace JitFunctions.Projections.Log;

/// <summary>The first thing that is wrong with the log, or with the events that are in it.</summary>
/// <param name="Sequence">Of the event, where one can be named.</param>
public sealed record LogProblem(long? Sequence, string Reason);

/// <param name="Problem">Null if event store and log agree.</param>
/// <param name="Events">The events that were compared.</param>
public sealed record LogCheckResult(LogProblem? Problem, long Events);

/// <summary>
/// Compares all stored events with the log, and all tables of the log with each other. An export cannot show that an
/// event itself was changed: it consists of what the log has.
/// </summary>
/// <param name="policy">Whose signatures the checkpoints need; null to leave these out.</param>
public sealed class LogCheck(TlogPolicy? policy)
{
    private const string Rows = $"""
        select {StoredEvent.Columns}, l.seq, l.idx, l.leaf, l.hash, l.data, l.headers,
          array(select d.digest from {LogTables.Disclosure} d where d.idx = l.idx order by d.digest collate "C"),
          array(select d.disclosure from {LogTables.Disclosure} d where d.idx = l.idx order by d.digest collate "C")
        from {StoredEvent.Table} e full join {LogTables.Leaf} l on l.seq = e.seq_id
        where l.seq is not null or e.seq_id <= $1
        order by coalesce(l.seq, e.seq_id)
        """;

    private const string Stray = $"""
        select d.idx from {LogTables.Disclosure} d left join {LogTables.Leaf} l on l.idx = d.idx
        where l.idx is null limit 1
        """;

    // These events are compared with the log as all others are.
    private const string Placeholders = $"""
        select e.data ->> 'placeholder' from {StoredEvent.Table} e
        where e.type = '{ErasureType}' and e.data ->> 'placeholder' is not null
        """;

    /// <summary>The stored name of the event of an erasure.</summary>
    internal const string ErasureType = "person_erased";

    private const int FirstOfLog = 10;

    /// <param name="connection">In a transaction of isolation level repeatable read, if the log goes on
    /// meanwhile.</param>
    public async Task<LogCheckResult> RunAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var tail = new TreeTail();
        var events = 0L;
        try
        {
            var head = await LogHead.ReadAsync(connection, cancellation);
            var checkpoints = await CheckpointsAsync(connection, cancellation);
            var placeholders = await PlaceholdersAsync(connection, cancellation);
            var tiles = new Dictionary<(int Level, long Index), (Sha256Hash Hashes, Sha256Hash Root)>();
            var last = 0L;
            await using (
                var command = new NpgsqlCommand(Rows, connection) { Parameters = { new() { Value = head.Sequence } } }
            )
            await using (var rows = await command.ExecuteReaderAsync(cancellation))
            {
                while (await rows.ReadAsync(cancellation))
                {
                    var row = LoggedEvent.Read(rows, FirstOfLog);
                    last = row.Sequence;
                    if (row.WhyWrong(tail.Size, placeholders) is { } reason)
                        return new(new(last, reason), events);
                    events++;
                    tail.Append(
                        row.Hash,
                        tile => tiles[(tile.Level, tile.Index)] = (Sha256Hash.Of(tile.Hashes), tile.Root)
                    );
                    if (checkpoints.Remove(tail.Size, out var signed) && signed.Root != tail.Head(last).Root)
                        return new(
                            new(last, $"The tree of {tail.Size} leaves is not the one that was signed."),
                            events
                        );
                }
            }

            if (!tail.Head(last).HasTreeOf(head) || last != head.Sequence)
                return new(new(null, "The head of the log is not that of its leaves."), events);
            if (checkpoints.Count > 0)
                return new(
                    new(null, $"The log has signed {checkpoints.Keys.Max()} leaves, and has {tail.Size}."),
                    events
                );
            return new(
                await TilesAsync(connection, tiles, cancellation)
                    ?? await StrayDisclosureAsync(connection, cancellation),
                events
            );
        }
        catch (LogInconsistentException e)
        {
            return new(new(null, e.Message), events);
        }
    }

    private async Task<Dictionary<long, Checkpoint>> CheckpointsAsync(
        NpgsqlConnection connection,
        CancellationToken cancellation
    )
    {
        var found = new Dictionary<long, Checkpoint>();
        await using var command = new NpgsqlCommand(
            $"select size, note from {LogTables.Checkpoint} order by size",
            connection
        );
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            var size = rows.GetInt64(0);
            try
            {
                var signed = SignedCheckpoint.Parse(rows.GetString(1));
                if (signed.Checkpoint.Size != size)
                    throw new LogInconsistentException($"The checkpoint of {size} leaves is of another size.");
                var trust = policy?.Verify(signed);
                if (trust?.Refusal is { } refusal)
                    throw new LogInconsistentException($"The checkpoint of {size} leaves is not trusted: {refusal}.");
                // Verifiers ignore signatures of keys that they do not know. Here nothing else should be stored.
                if (trust is not null && trust.Signatures.Count != signed.Note.Signatures.Count)
                    throw new LogInconsistentException($"The checkpoint of {size} leaves has an unknown signature.");
                found[size] = signed.Checkpoint;
            }
            catch (FormatException e)
            {
                throw new LogInconsistentException($"The checkpoint of {size} leaves is not one.", e);
            }
        }

        return found;
    }

    private static async Task<HashSet<string>> PlaceholdersAsync(
        NpgsqlConnection connection,
        CancellationToken cancellation
    )
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        await using var command = new NpgsqlCommand(Placeholders, connection);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            if (ErasureRule.IsPlaceholder(rows.GetString(0)))
                found.Add(rows.GetString(0));
        }

        return found;
    }

    private static async Task<LogProblem?> StrayDisclosureAsync(
        NpgsqlConnection connection,
        CancellationToken cancellation
    )
    {
        await using var command = new NpgsqlCommand(Stray, connection);
        return await command.ExecuteScalarAsync(cancellation) is long index
            ? new(null, $"The log has a disclosure of the leaf {index}, and no such leaf.")
            : null;
    }

    private static async Task<LogProblem?> TilesAsync(
        NpgsqlConnection connection,
        Dictionary<(int Level, long Index), (Sha256Hash Hashes, Sha256Hash Root)> expected,
        CancellationToken cancellation
    )
    {
        await using var command = new NpgsqlCommand(
            $"select level, tile, hashes, root from {LogTables.Tile} order by level, tile",
            connection
        );
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            var (level, index) = (rows.GetInt32(0), rows.GetInt64(1));
            if (
                !expected.Remove((level, index), out var tile)
                || Sha256Hash.Of(rows.GetFieldValue<byte[]>(2)) != tile.Hashes
                || !rows.GetFieldValue<byte[]>(3).AsSpan().SequenceEqual(tile.Root.ToArray())
            )
                return new(null, $"The tile {index} of level {level} is not that of the leaves.");
        }

        return expected.Count == 0 ? null : new(null, "A tile of the log is missing.");
    }
}
