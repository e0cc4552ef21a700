using System.Numerics;
using JitFunctions.TransparencyLog.Hashing;

namespace JitFunctions.TransparencyLog.Merkle;

/// <summary>
/// Shows that a tree begins with all leaves of an earlier one, so that nothing was changed or removed between them
/// (RFC 6962, section 2.1.2).
/// </summary>
public static class ConsistencyProof
{
    /// <summary>What the proof between the trees of these sizes needs: nothing if they are equal, or from 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The first size is negative, or larger than the second.</exception>
    public static ProofPlan Plan(long from, long to)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(from, to);
        var ranges = new List<(long Start, long End)>();
        if (from == 0 || from == to)
            return new(ranges);

        // The verifier knows the hash of the earlier tree, so it needs no hash of a range that begins with it.
        var (start, end) = (0L, to);
        while (from != end)
        {
            var middle = start + InclusionProof.Split(end - start);
            ranges.Add(from <= middle ? (middle, end) : (start, middle));
            (start, end) = from <= middle ? (start, middle) : (middle, end);
        }

        if (start != 0)
            ranges.Add((start, end));
        ranges.Reverse();
        return new(ranges);
    }

    /// <summary>The check of RFC 9162, section 2.1.4.2. Every tree is consistent with the empty one.</summary>
    public static bool Verify(
        long from,
        Sha256Hash fromRoot,
        long to,
        Sha256Hash toRoot,
        IReadOnlyList<Sha256Hash> proof
    )
    {
        if (from < 0 || from > to)
            return false;
        if (from == to)
            return proof is [] && fromRoot == toRoot;
        if (from == 0)
            return proof is [] && fromRoot == TreeHash.Empty;
        if (proof is [])
            return false;

        var (node, last) = (from - 1, to - 1);
        while ((node & 1) == 1)
            (node, last) = (node >> 1, last >> 1);
        var isWhole = BitOperations.IsPow2(from);
        var (fromHash, toHash) = isWhole ? (fromRoot, fromRoot) : (proof[0], proof[0]);
        for (var i = isWhole ? 0 : 1; i < proof.Count; i++)
        {
            if (last == 0)
                return false;
            if ((node & 1) == 1 || node == last)
            {
                fromHash = TreeHash.Node(proof[i], fromHash);
                toHash = TreeHash.Node(proof[i], toHash);
                while ((node & 1) == 0 && node != 0)
                    (node, last) = (node >> 1, last >> 1);
            }
            else
            {
                toHash = TreeHash.Node(toHash, proof[i]);
            }

            (node, last) = (node >> 1, last >> 1);
        }

        return last == 0 && fromHash == fromRoot && toHash == toRoot;
    }
}
