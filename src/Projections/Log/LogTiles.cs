using JitFunctions.TransparencyLog.Hashing;
using JitFunctions.TransparencyLog.Merkle;
using JitFunctions.TransparencyLog.Tiles;
using Npgsql;

namespace JitFunctions.Projections.Log;

/// <summary>The tiles of the log, and the proofs that are made of them.</summary>
public static class LogTiles
{
    private const string Full = $"select hashes from {LogTables.Tile} where level = $1 and tile = $2";

    private const string Roots = $"""
        select root from {LogTables.Tile} where level = $1 - 1 and tile >= $2 and tile < $3 order by tile
        """;

    private const string LeafHashes = $"select hash from {LogTables.Leaf} where idx >= $1 and idx < $2 order by idx";

    private const string Entries = $"select leaf from {LogTables.Leaf} where idx >= $1 and idx < $2 order by idx";

    /// <summary>
    /// The bytes of a tile, or of a bundle of entries. Null if a log of this size has no such tile, or its rows are not
    /// there.
    /// </summary>
    public static async Task<byte[]?> ReadTileAsync(
        this NpgsqlConnection connection,
        TileId tile,
        long size,
        CancellationToken cancellation
    )
    {
        var (first, count) = (tile.Index * TileId.FullWidth, TileId.Count(tile.Level ?? 0, size));
        if (tile.Index > count / TileId.FullWidth || first + tile.Width > count)
            return null;
        if (tile is { Level: { } full, IsPartial: false })
            return (await ReadAsync(connection, Full, cancellation, full, tile.Index)).SingleOrDefault();

        var end = first + tile.Width;
        var parts = tile.Level switch
        {
            null => await ReadAsync(connection, Entries, cancellation, first, end),
            0 => await ReadAsync(connection, LeafHashes, cancellation, first, end),
            { } level => await ReadAsync(connection, Roots, cancellation, level, first, end),
        };
        if (parts.Count != tile.Width)
            return null;
        return tile.Level is null
            ? EntryBundle.Format([.. parts.Select(part => new ReadOnlyMemory<byte>(part))])
            : [.. parts.SelectMany(part => part)];
    }

    /// <summary>What the proofs of these plans need.</summary>
    /// <param name="size">The size of the log.</param>
    /// <exception cref="LogInconsistentException">A tile is not there.</exception>
    public static async Task<Func<NodeId, Sha256Hash>> ReadNodesAsync(
        this NpgsqlConnection connection,
        IEnumerable<ProofPlan> plans,
        long size,
        CancellationToken cancellation
    )
    {
        var tiles = new Dictionary<TileId, byte[]>();
        foreach (
            var tile in plans.SelectMany(plan => plan.Nodes).Select(node => TileSlice.Of(node).In(size)).Distinct()
        )
        {
            tiles[tile] =
                await connection.ReadTileAsync(tile, size, cancellation) is { } bytes
                && bytes.Length == tile.Width * Sha256Hash.Length
                    ? bytes
                    : throw new LogInconsistentException($"The log of {size} leaves has no whole {tile.Path()}.");
        }

        return node => TileSlice.Of(node) is var slice ? slice.Hash(tiles[slice.In(size)]) : default;
    }

    private static async Task<List<byte[]>> ReadAsync(
        NpgsqlConnection connection,
        string text,
        CancellationToken cancellation,
        params object[] values
    )
    {
        await using var command = new NpgsqlCommand(text, connection);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        var found = new List<byte[]>();
        while (await rows.ReadAsync(cancellation))
            found.Add(rows.GetFieldValue<byte[]>(0));
        return found;
    }
}
