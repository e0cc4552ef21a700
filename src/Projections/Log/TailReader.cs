using JitFunctions.TransparencyLog.Hashing;
using JitFunctions.TransparencyLog.Merkle;
using JitFunctions.TransparencyLog.Tiles;
using Npgsql;

namespace JitFunctions.Projections.Log;

/// <summary>
/// Reads the end of the tree, and checks it: a log that signs what somebody changed loses its value, so the last tile
/// is computed anew from the bytes of its leaves, and the head from the tiles.
/// </summary>
internal static class TailReader
{
    private const string Leaves = $"select idx, leaf, hash from {LogTables.Leaf} where idx >= $1 order by idx";

    private const string Roots = $"""
        select t.level, t.tile, t.root from {LogTables.Tile} t
        join unnest($1, $2) as wanted (level, first) on t.level = wanted.level and t.tile >= wanted.first
        order by t.level, t.tile
        """;

    /// <summary>Two statements, whatever the size of the log.</summary>
    /// <exception cref="LogInconsistentException">The rows do not have the tree of the head.</exception>
    public static async Task<TreeTail> ReadAsync(
        NpgsqlConnection connection,
        LogHead head,
        CancellationToken cancellation
    )
    {
        // At the end of a full tile, that tile is looked at.
        var first = Math.Max(0, head.Size - 1) / TileId.FullWidth * TileId.FullWidth;
        var leaves = await LeavesAsync(connection, first, head.Size, cancellation);
        var roots = await RootsAsync(connection, head.Size, cancellation);

        var isFull = leaves.Count == TileId.FullWidth;
        if (isFull && RootOf(leaves) != LastRoot(roots, head.Size))
            throw Unlike(head, "the last full tile is not that of its leaves");
        var tail = new TreeTail(head.Size, level => level == 0 ? (isFull ? [] : leaves) : roots[level - 1].Partial);
        return tail.Head(head.Sequence).HasTreeOf(head)
            ? tail
            : throw Unlike(head, "the leaves have another root than the head");
    }

    private static async Task<List<Sha256Hash>> LeavesAsync(
        NpgsqlConnection connection,
        long first,
        long size,
        CancellationToken cancellation
    )
    {
        await using var command = new NpgsqlCommand(Leaves, connection) { Parameters = { new() { Value = first } } };
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        var hashes = new List<Sha256Hash>();
        while (await rows.ReadAsync(cancellation))
        {
            var (index, hash) = (rows.GetInt64(0), TreeHash.Leaf(rows.GetFieldValue<byte[]>(1)));
            if (index != first + hashes.Count || index >= size)
                throw new LogInconsistentException($"The leaf {index} of the log is not where one should be.");
            if (!rows.GetFieldValue<byte[]>(2).AsSpan().SequenceEqual(hash.ToArray()))
                throw new LogInconsistentException($"The leaf {index} of the log has another hash than is stored.");
            hashes.Add(hash);
        }

        return hashes.Count == size - first
            ? hashes
            : throw new LogInconsistentException($"The log has no leaf {first + hashes.Count}.");
    }

    /// <summary>
    /// For each level, the roots of its full tiles that the partial tile above it has, and the last one.
    /// </summary>
    private static async Task<(List<Sha256Hash> Partial, Sha256Hash? Last)[]> RootsAsync(
        NpgsqlConnection connection,
        long size,
        CancellationToken cancellation
    )
    {
        var levels = Enumerable.Range(0, TileId.Levels - 1).ToArray();
        // The first tile that is read may be the last one of a full tile above.
        var firsts = levels.Select(level => Math.Max(0, First(level) - 1)).ToArray();
        var found = levels.Select(_ => (Partial: new List<Sha256Hash>(), Last: (Sha256Hash?)null)).ToArray();
        await using var command = new NpgsqlCommand(Roots, connection)
        {
            Parameters =
            {
                new() { Value = levels },
                new() { Value = firsts },
            },
        };
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        var next = firsts.ToArray();
        while (await rows.ReadAsync(cancellation))
        {
            var (level, tile, root) = (rows.GetInt32(0), rows.GetInt64(1), rows.GetFieldValue<byte[]>(2));
            if (tile != next[level]++ || tile >= Count(level) || root.Length != Sha256Hash.Length)
                throw new LogInconsistentException($"The tile {tile} of level {level} is not where one should be.");
            if (tile >= First(level))
                found[level].Partial.Add(new(root));
            found[level].Last = new(root);
        }

        foreach (var level in levels)
        {
            if (next[level] != Count(level))
                throw new LogInconsistentException($"The log has no tile {next[level]} of level {level}.");
        }

        return found;

        long Count(int level) => TileId.Count(level + 1, size);

        long First(int level) => Count(level) / TileId.FullWidth * TileId.FullWidth;
    }

    private static Sha256Hash? LastRoot((List<Sha256Hash> Partial, Sha256Hash? Last)[] roots, long size) =>
        size == 0 ? null : roots[0].Last;

    private static Sha256Hash RootOf(List<Sha256Hash> hashes)
    {
        var range = new CompactRange();
        foreach (var hash in hashes)
            range.Append(hash);
        return range.Root();
    }

    private static LogInconsistentException Unlike(LogHead head, string what) =>
        new($"The log of {head.Size} leaves contradicts itself: {what}.");
}
