using System.Numerics;

namespace JitFunctions.TransparencyLog.Merkle;

/// <summary>
/// A complete subtree: the leaves from <c>Index * 2^Height</c> up to, but without, <c>(Index + 1) * 2^Height</c>. Its
/// hash never changes once these leaves are in the log. A leaf has height 0.
/// </summary>
public readonly record struct NodeId(int Height, long Index)
{
    /// <summary>
    /// The fewest complete subtrees that make up a range of leaves, from left to right.
    /// </summary>
    /// <param name="start">The first leaf. It has to be 0, or a multiple of a power of two that is not smaller than
    /// the number of leaves: only such ranges occur in proofs.</param>
    /// <param name="end">The leaf after the last one.</param>
    internal static List<NodeId> Covering(long start, long end)
    {
        var nodes = new List<NodeId>();
        while (start < end)
        {
            var height = BitOperations.Log2((ulong)(end - start));
            nodes.Add(new(height, start >> height));
            start += 1L << height;
        }

        return nodes;
    }
}
