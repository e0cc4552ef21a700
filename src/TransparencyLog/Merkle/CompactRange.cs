using System.Numerics;
using JitFunctions.TransparencyLog.Hashing;

namespace JitFunctions.TransparencyLog.Merkle;

/// <summary>
/// What an append needs of a tree: the hashes of the complete subtrees that cover it, one for each bit that is set in
/// its size, so at most 63. The largest subtree comes first. Not safe for several threads.
/// </summary>
public sealed class CompactRange
{
    private readonly List<Sha256Hash> _hashes;

    /// <summary>Of a tree without leaves.</summary>
    public CompactRange()
        : this(0, []) { }

    /// <summary>Of a tree that was stored.</summary>
    /// <exception cref="ArgumentException">A tree of this size has another number of hashes.</exception>
    public CompactRange(long size, IEnumerable<Sha256Hash> hashes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        (Size, _hashes) = (size, [.. hashes]);
        if (_hashes.Count != BitOperations.PopCount((ulong)size))
        {
            throw new ArgumentException(
                $"A tree of size {size} has {BitOperations.PopCount((ulong)size)} hashes, not {_hashes.Count}.",
                nameof(hashes)
            );
        }
    }

    /// <summary>The number of leaves.</summary>
    public long Size { get; private set; }

    public IReadOnlyList<Sha256Hash> Hashes => _hashes;

    /// <param name="leafHash">See <see cref="TreeHash.Leaf"/>.</param>
    /// <param name="onComplete">
    /// Is told each subtree that the leaf completes, from the leaf itself upwards: whoever stores these can build
    /// every proof and every tile.
    /// </param>
    public void Append(Sha256Hash leafHash, Action<NodeId, Sha256Hash>? onComplete = null)
    {
        var index = Size;
        onComplete?.Invoke(new(0, index), leafHash);
        for (var height = 1; (index & 1) == 1; height++)
        {
            leafHash = TreeHash.Node(_hashes[^1], leafHash);
            _hashes.RemoveAt(_hashes.Count - 1);
            index >>= 1;
            onComplete?.Invoke(new(height, index), leafHash);
        }

        _hashes.Add(leafHash);
        Size++;
    }

    public Sha256Hash Root() => Fold(_hashes);

    /// <summary>The hash over subtrees that lie beside each other, the largest first.</summary>
    internal static Sha256Hash Fold(IReadOnlyList<Sha256Hash> hashes)
    {
        if (hashes is [])
            return TreeHash.Empty;
        var root = hashes[^1];
        for (var i = hashes.Count - 2; i >= 0; i--)
            root = TreeHash.Node(hashes[i], root);
        return root;
    }
}
