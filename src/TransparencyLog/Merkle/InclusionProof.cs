using System.Numerics;
using JitFunctions.TransparencyLog.Hashing;

namespace JitFunctions.TransparencyLog.Merkle;

/// <summary>
/// Shows that a leaf is in a tree: the hashes beside the path from the leaf to the root, the leaf's sibling first
/// (RFC 6962, section 2.1.1).
/// </summary>
public static class InclusionProof
{
    /// <summary>What the proof of a leaf in the tree of the first <paramref name="size"/> leaves needs.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such leaf in the tree.</exception>
    public static ProofPlan Plan(long index, long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, size);
        var ranges = new List<(long Start, long End)>();
        for (var (start, end) = (0L, size); end - start > 1; )
        {
            var middle = start + Split(end - start);
            ranges.Add(index < middle ? (middle, end) : (start, middle));
            (start, end) = index < middle ? (start, middle) : (middle, end);
        }

        ranges.Reverse();
        return new(ranges);
    }

    public static bool Verify(
        Sha256Hash leafHash,
        long index,
        long size,
        IReadOnlyList<Sha256Hash> proof,
        Sha256Hash root
    ) => Root(leafHash, index, size, proof) == root;

    /// <summary>
    /// The root of the tree in which the leaf has this proof (RFC 9162, section 2.1.3.2). Null if the proof does not
    /// fit the index and the size.
    /// </summary>
    public static Sha256Hash? Root(Sha256Hash leafHash, long index, long size, IReadOnlyList<Sha256Hash> proof)
    {
        if (index < 0 || index >= size)
            return null;
        var (node, last, hash) = (index, size - 1, leafHash);
        foreach (var sibling in proof)
        {
            if (last == 0)
                return null;
            if ((node & 1) == 1 || node == last)
            {
                hash = TreeHash.Node(sibling, hash);
                while ((node & 1) == 0 && node != 0)
                    (node, last) = (node >> 1, last >> 1);
            }
            else
            {
                hash = TreeHash.Node(hash, sibling);
            }

            (node, last) = (node >> 1, last >> 1);
        }

        return last == 0 ? hash : null;
    }

    /// <summary>The largest power of two that is smaller: the size of the left subtree.</summary>
    internal static long Split(long size) => 1L << BitOperations.Log2((ulong)(size - 1));
}
