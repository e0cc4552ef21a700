using Npgsql;
using NpgsqlTypes;

namespace JitFunctions.Projections.Log;

/// <summary>
/// Writes one batch: leaves, disclosures, tiles and the head, by four statements whatever the number of events.
/// </summary>
internal static class LogAppend
{
    private const string Leaves = $"""
        insert into {LogTables.Leaf} (idx, seq, leaf, hash, data, headers)
        select * from unnest($1, $2, $3, $4, $5, $6)
        """;

    private const string Disclosures = $"""
        insert into {LogTables.Disclosure} (idx, digest, disclosure) select * from unnest($1, $2, $3)
        """;

    private const string Tiles = $"""
        insert into {LogTables.Tile} (level, tile, hashes, root) select * from unnest($1, $2, $3, $4)
        """;

    private const string FirstHead = $"""
        insert into {LogTables.Head} (id, size, frontier, root, seq) values (1, $1, $2, $3, $4) on conflict do nothing
        """;

    private const string NextHead = $"""
        update {LogTables.Head} set size = $1, frontier = $2, root = $3, seq = $4
        where id = 1 and size = $5 and root = $6 and seq = $7
        """;

    /// <param name="connection">In a transaction, which the caller commits only if this was successful.</param>
    /// <returns>False if somebody else has changed the head since it was read.</returns>
    public static async Task<bool> WriteAsync(
        NpgsqlConnection connection,
        LogHead before,
        LogHead after,
        IReadOnlyList<LogRow> rows,
        IReadOnlyList<LogTile> tiles,
        CancellationToken cancellation
    )
    {
        await using var head = Command(
            connection,
            before.Size == 0 && before.Sequence == 0 ? FirstHead : NextHead,
            after.Size,
            after.FrontierBytes(),
            after.Root.ToArray(),
            after.Sequence
        );
        if (head.CommandText == NextHead)
            Add(head, before.Size, before.Root.ToArray(), before.Sequence);
        // The head comes first: another sequencer waits for its row, and then finds that it has changed.
        if (await head.ExecuteNonQueryAsync(cancellation) != 1)
            return false;

        var indexes = Enumerable.Range(0, rows.Count).Select(row => before.Size + row).ToArray();
        await using var leaves = Command(
            connection,
            Leaves,
            indexes,
            rows.Select(row => row.Sequence).ToArray(),
            rows.Select(row => row.Leaf).ToArray(),
            rows.Select(row => row.Hash.ToArray()).ToArray(),
            rows.Select(row => row.Data).ToArray(),
            rows.Select(row => row.Headers).ToArray()
        );
        await leaves.ExecuteNonQueryAsync(cancellation);

        var disclosed = rows.Zip(indexes, (row, index) => row.Disclosures.Select(one => (index, one)))
            .SelectMany(one => one)
            .ToList();
        await using var disclosures = Command(
            connection,
            Disclosures,
            disclosed.Select(one => one.index).ToArray(),
            disclosed.Select(one => one.one.Digest).ToArray(),
            disclosed.Select(one => one.one.Encoded).ToArray()
        );
        await disclosures.ExecuteNonQueryAsync(cancellation);

        await using var full = Command(
            connection,
            Tiles,
            tiles.Select(tile => tile.Level).ToArray(),
            tiles.Select(tile => tile.Index).ToArray(),
            tiles.Select(tile => tile.Hashes).ToArray(),
            tiles.Select(tile => tile.Root.ToArray()).ToArray()
        );
        await full.ExecuteNonQueryAsync(cancellation);
        return true;
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string text, params ReadOnlySpan<object> values)
    {
        var command = new NpgsqlCommand(text, connection);
        Add(command, values);
        return command;
    }

    private static void Add(NpgsqlCommand command, params ReadOnlySpan<object> values)
    {
        foreach (var value in values)
        {
            command.Parameters.Add(
                // An array of byte arrays is not inferred.
                value is byte[][]
                    ? new NpgsqlParameter { Value = value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea }
                    : new NpgsqlParameter { Value = value }
            );
        }
    }
}
