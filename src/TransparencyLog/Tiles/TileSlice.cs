using JitFunctions.TransparencyLog.Hashing;
using JitFunctions.TransparencyLog.Merkle;

namespace JitFunctions.TransparencyLog.Tiles;

/// <summary>Where the tiles have the hash of a complete subtree: it is computed from some hashes of one tile.</summary>
/// <param name="Level">Of the tile.</param>
/// <param name="Tile">The number of the tile in its level.</param>
/// <param name="First">The first of the hashes, from 0 to 255.</param>
/// <param name="Count">A power of two, from 1 to 128.</param>
public readonly record struct TileSlice(int Level, long Tile, int First, int Count)
{
    public static TileSlice Of(NodeId node)
    {
        var count = 1 << (node.Height % TileId.Height);
        var first = node.Index * count;
        return new(node.Height / TileId.Height, first / TileId.FullWidth, (int)(first % TileId.FullWidth), count);
    }

    /// <summary>The tile as a log of this size has it.</summary>
    public TileId In(long size)
    {
        var left = TileId.Count(Level, size) - (Tile * TileId.FullWidth);
        return new(Level, Tile, (int)Math.Min(left, TileId.FullWidth));
    }

    /// <summary>The hash of the subtree.</summary>
    /// <param name="tile">The bytes of the tile: 32 for each hash.</param>
    /// <exception cref="ArgumentOutOfRangeException">The tile is too narrow.</exception>
    public Sha256Hash Hash(ReadOnlySpan<byte> tile)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((First + Count) * Sha256Hash.Length, tile.Length);
        var hashes = new Sha256Hash[Count];
        for (var i = 0; i < Count; i++)
            hashes[i] = new(tile.Slice((First + i) * Sha256Hash.Length, Sha256Hash.Length));
        for (var count = Count; count > 1; count /= 2)
        {
            for (var i = 0; i < count / 2; i++)
                hashes[i] = TreeHash.Node(hashes[2 * i], hashes[(2 * i) + 1]);
        }

        return hashes[0];
    }
}
