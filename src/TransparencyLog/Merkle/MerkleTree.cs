using JitFunctions.TransparencyLog.Hashing;

namespace JitFunctions.TransparencyLog.Merkle;

/// <summary>
/// A whole tree in memory, about 64 bytes a leaf: for tests and for exports of bounded size. Not safe for several
/// threads.
/// </summary>
public sealed class MerkleTree
{
    private readonly CompactRange _range = new();
    private readonly List<List<Sha256Hash>> _levels = [];

    public MerkleTree() { }

    public MerkleTree(IEnumerable<Sha256Hash> leafHashes)
    {
        foreach (var hash in leafHashes)
            Append(hash);
    }

    public long Size => _range.Size;

    public void Append(Sha256Hash leafHash) =>
        _range.Append(
            leafHash,
            (node, hash) =>
            {
                if (node.Height == _levels.Count)
                    _levels.Add([]);
                _levels[node.Height].Add(hash);
            }
        );

    public Sha256Hash Root() => _range.Root();

    /// <summary>The root when the tree had this size.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The tree never had this size.</exception>
    public Sha256Hash Root(long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, Size);
        return CompactRange.Fold([.. NodeId.Covering(0, size).Select(HashOf)]);
    }

    /// <exception cref="ArgumentOutOfRangeException">The tree has no such leaf, or never had this size.</exception>
    public IReadOnlyList<Sha256Hash> ProveInclusion(long index, long size)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, Size);
        return InclusionProof.Plan(index, size).Build(HashOf);
    }

    /// <exception cref="ArgumentOutOfRangeException">The tree never had one of these sizes.</exception>
    public IReadOnlyList<Sha256Hash> ProveConsistency(long from, long to)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(to, Size);
        return ConsistencyProof.Plan(from, to).Build(HashOf);
    }

    /// <summary>The hash of a complete subtree.</summary>
    public Sha256Hash HashOf(NodeId node) => _levels[node.Height][(int)node.Index];
}
