using JitFunctions.TransparencyLog.Checkpoints;
using JitFunctions.TransparencyLog.Hashing;
using JitFunctions.TransparencyLog.Merkle;
using JitFunctions.TransparencyLog.Proofs;
using JitFunctions.TransparencyLog.Tiles;
using Npgsql;

namespace JitFunctions.Projections.Log;

/// <summary>Proves many leaves of one tree. As long as they are near to each other, it reads a tile once.</summary>
internal sealed class LogTileCache(NpgsqlConnection connection, long size)
{
    // 8 KB each.
    private const int Most = 2048;

    private readonly Dictionary<TileId, byte[]> _tiles = [];

    /// <exception cref="LogInconsistentException">A tile is not there.</exception>
    public async Task<IReadOnlyList<TlogProof>> ProveAsync(
        IReadOnlyList<long> indexes,
        SignedCheckpoint checkpoint,
        CancellationToken cancellation
    )
    {
        var plans = indexes.Select(index => (Index: index, Plan: InclusionProof.Plan(index, size))).ToList();
        foreach (var plan in plans)
        {
            foreach (var node in plan.Plan.Nodes)
                await ReadAsync(TileSlice.Of(node).In(size), cancellation);
        }

        var proofs = plans.Select(one => new TlogProof(one.Index, one.Plan.Build(Hash), checkpoint)).ToList();
        if (_tiles.Count > Most)
            _tiles.Clear();
        return proofs;
    }

    private Sha256Hash Hash(NodeId node) =>
        TileSlice.Of(node) is var slice ? slice.Hash(_tiles[slice.In(size)]) : default;

    private async Task ReadAsync(TileId tile, CancellationToken cancellation)
    {
        if (_tiles.ContainsKey(tile))
            return;
        _tiles[tile] =
            await connection.ReadTileAsync(tile, size, cancellation) is { } bytes
            && bytes.Length == tile.Width * Sha256Hash.Length
                ? bytes
                : throw new LogInconsistentException($"The log of {size} leaves has no whole {tile.Path()}.");
    }
}
