using CsCheck;
using JitFunctions.TransparencyLog.Hashing;
using JitFunctions.TransparencyLog.Merkle;
using JitFunctions.TransparencyLog.Tiles;

namespace JitFunctions.TransparencyLog.Tests.Tiles;

public sealed class TileTests
{
    [Theory]
    [InlineData(0, 1234067L, 256, "tile/0/x001/x234/067")]
    [InlineData(0, 0L, 256, "tile/0/000")]
    [InlineData(0, 999L, 256, "tile/0/999")]
    [InlineData(1, 1000L, 17, "tile/1/x001/000.p/17")]
    [InlineData(7, 3L, 1, "tile/7/003.p/1")]
    [InlineData(null, 273L, 112, "tile/entries/273.p/112")]
    [InlineData(null, 1234067L, 256, "tile/entries/x001/x234/067")]
    public void A_tile_has_one_path(int? level, long index, int width, string path)
    {
        var tile = new TileId(level, index, width);

        Assert.Equal(path, tile.Path());
        Assert.True(TileId.TryParse(path, out var read));
        Assert.Equal(tile, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("checkpoint")]
    [InlineData("tile/0")]
    [InlineData("tile/8/000")]
    [InlineData("tile/-1/000")]
    [InlineData("tile/00/000")]
    [InlineData("tile/0/0")]
    [InlineData("tile/0/x000/001")]
    [InlineData("tile/0/x001/x234/x067")]
    [InlineData("tile/0/001/234/067")]
    [InlineData("tile/0/000.p/0")]
    [InlineData("tile/0/000.p/256")]
    [InlineData("tile/0/000.p/01")]
    [InlineData("tile/0/000.p")]
    [InlineData("tile/0/000/")]
    [InlineData("/tile/0/000")]
    [InlineData("tile/0/../000")]
    [InlineData("tile/0/x999/x999/x999/x999/x999/x999/x999/999")]
    public void Another_path_names_no_tile(string path) => Assert.False(TileId.TryParse(path, out _));

    [Fact]
    public void A_log_of_70000_leaves_has_the_tiles_of_the_specification()
    {
        var tiles = TileId.Of(70_000).ToList();

        Assert.Equal([273, 1, 0], [Full(0), Full(1), Full(2)]);
        Assert.Equal([112, 17, 1, 0], Enumerable.Range(0, 4).Select(level => TileId.PartialWidth(level, 70_000)));
        Assert.Equal(
            ["tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1", "tile/entries/273.p/112"],
            tiles.Where(tile => tile.IsPartial).Select(tile => tile.Path())
        );
        Assert.Equal(274 + 2 + 1 + 274, tiles.Count);
        Assert.Empty(TileId.Of(0));

        int Full(int level) => tiles.Count(tile => tile.Level == level && !tile.IsPartial);
    }

    /// <summary>Tiles hold hashes of complete subtrees only; a verifier computes all others from them.</summary>
    [Fact]
    public void Every_subtree_of_every_proof_is_found_in_the_tiles()
    {
        const int Size = 70_000;
        var tiles = new Dictionary<(int Level, long Index), List<byte>>();
        var tree = new MerkleTree();
        var range = new CompactRange();
        for (var i = 0; i < Size; i++)
        {
            tree.Append(TreeHash.Leaf(BitConverter.GetBytes(i)));
            range.Append(TreeHash.Leaf(BitConverter.GetBytes(i)), Store);
        }

        Gen.Select(Gen.Long[1, Size], Gen.Long[0, long.MaxValue])
            .Sample(
                (size, at) =>
                {
                    var index = at % size;
                    Assert.Equal(tree.ProveInclusion(index, size), InclusionProof.Plan(index, size).Build(Read));
                    Assert.Equal(tree.ProveConsistency(index, size), ConsistencyProof.Plan(index, size).Build(Read));

                    Sha256Hash Read(NodeId node)
                    {
                        var slice = TileSlice.Of(node);
                        var tile = slice.In(size);
                        // Of the log as it was at this size.
                        var bytes = tiles[(tile.Level!.Value, tile.Index)].Take(tile.Width * Sha256Hash.Length);
                        return slice.Hash([.. bytes]);
                    }
                },
                iter: 200
            );

        void Store(NodeId node, Sha256Hash hash)
        {
            if (node.Height % TileId.Height != 0)
                return;
            var key = (node.Height / TileId.Height, node.Index / TileId.FullWidth);
            if (!tiles.TryGetValue(key, out var tile))
                tiles[key] = tile = [];
            tile.AddRange(hash.ToArray());
        }
    }

    [Fact]
    public void A_tile_that_is_too_narrow_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => TileSlice.Of(new(2, 0)).Hash(new byte[3 * 32]));

    [Fact]
    public void A_bundle_gives_back_its_entries() =>
        Gen
            .Byte.Array[0, 300]
            .Array[1, TileId.FullWidth]
            .Sample(
                entries =>
                {
                    var bundle = EntryBundle.Format([.. entries.Select(entry => (ReadOnlyMemory<byte>)entry)]);
                    Assert.Equal(entries, EntryBundle.Parse(bundle).Select(entry => entry.ToArray()));
                    Assert.Throws<FormatException>(() => EntryBundle.Parse(bundle.AsMemory(0, bundle.Length - 1)));
                },
                iter: 20
            );

    [Fact]
    public void A_bundle_has_limits()
    {
        Assert.Equal([0xff, 0xff], EntryBundle.Format([new byte[EntryBundle.MostBytes]])[..2]);
        Assert.Throws<ArgumentException>(() => EntryBundle.Format([new byte[EntryBundle.MostBytes + 1]]));
        Assert.Throws<ArgumentException>(() => EntryBundle.Format([]));
        Assert.Throws<ArgumentException>(() => EntryBundle.Format(new ReadOnlyMemory<byte>[257]));
        Assert.Throws<FormatException>(() => EntryBundle.Parse(default));
        Assert.Throws<FormatException>(() => EntryBundle.Parse(new byte[2 * 257]));
        Assert.Throws<FormatException>(() => EntryBundle.Parse(new byte[] { 0 }));
    }
}
