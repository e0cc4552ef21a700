using JitFunctions.TransparencyLog.Hashing;

namespace JitFunctions.TransparencyLog.Merkle;

/// <summary>
/// Which complete subtrees a proof needs. A store can read all of them at once, and then build the proof.
/// </summary>
public sealed class ProofPlan
{
    // Each hash of the proof is made of the subtrees that cover one range of leaves.
    private readonly List<List<NodeId>> _steps;

    internal ProofPlan(IEnumerable<(long Start, long End)> ranges) =>
        _steps = [.. ranges.Select(range => NodeId.Covering(range.Start, range.End))];

    /// <summary>The subtrees, in the order in which the proof uses them. None occurs twice.</summary>
    public IEnumerable<NodeId> Nodes => _steps.SelectMany(nodes => nodes);

    /// <param name="hashOf">The hash of a subtree; asked for <see cref="Nodes"/> only.</param>
    public IReadOnlyList<Sha256Hash> Build(Func<NodeId, Sha256Hash> hashOf) =>
        [.. _steps.Select(nodes => CompactRange.Fold([.. nodes.Select(hashOf)]))];
}
