using JitFunctions.TransparencyLog.Hashing;
using JitFunctions.TransparencyLog.Merkle;
using JitFunctions.TransparencyLog.Tiles;

namespace JitFunctions.Projections.Log;

/// <summary>A full tile, with the hash of the subtree that it is.</summary>
internal sealed record LogTile(int Level, long Index, byte[] Hashes, Sha256Hash Root);

/// <summary>
/// The end of a tree: the last, partial tile of each level. It is all that is needed to append leaves, and to write the
/// tiles that they complete. Not safe for several threads.
/// </summary>
internal sealed class TreeTail
{
    private readonly List<Sha256Hash>[] _levels;

    /// <summary>Of an empty tree.</summary>
    public TreeTail()
        : this(0, _ => []) { }

    /// <param name="partialTile">The hashes of the last, partial tile of a level; none if there is no such
    /// tile.</param>
    public TreeTail(long size, Func<int, IEnumerable<Sha256Hash>> partialTile)
    {
        Size = size;
        _levels = [.. Enumerable.Range(0, TileId.Levels).Select(level => partialTile(level).ToList())];
    }

    public long Size { get; private set; }

    /// <param name="onTile">Is told each tile that the leaf completes.</param>
    public void Append(Sha256Hash leafHash, Action<LogTile>? onTile = null)
    {
        Size++;
        var hash = leafHash;
        for (var level = 0; level < TileId.Levels; level++)
        {
            var tile = _levels[level];
            tile.Add(hash);
            if (tile.Count < TileId.FullWidth)
                return;
            hash = RangeOf(tile).Root();
            onTile?.Invoke(
                new(
                    level,
                    (Size >> (TileId.Height * (level + 1))) - 1,
                    [.. tile.SelectMany(one => one.ToArray())],
                    hash
                )
            );
            tile.Clear();
        }
    }

    /// <param name="sequence">That of the last leaf.</param>
    public LogHead Head(long sequence)
    {
        var frontier = _levels.Reverse().SelectMany(level => RangeOf(level).Hashes).ToList();
        return new(Size, frontier, new CompactRange(Size, frontier).Root(), sequence);
    }

    private static CompactRange RangeOf(List<Sha256Hash> hashes)
    {
        var range = new CompactRange();
        foreach (var hash in hashes)
            range.Append(hash);
        return range;
    }
}
