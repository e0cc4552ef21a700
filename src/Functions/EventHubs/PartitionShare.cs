namespace JitFunctions.Functions.EventHubs;

/// <summary>What a node does about the partitions of a hub.</summary>
/// <param name="Release">The partitions that it leaves to others.</param>
/// <param name="Take">How many more it may read.</param>
public sealed record PartitionShare(IReadOnlyList<string> Release, int Take)
{
    /// <param name="partitions">How many the hub has.</param>
    /// <param name="held">Those that this node reads.</param>
    /// <param name="nodes">How many nodes read the hub, this one among them.</param>
    public static PartitionShare Of(int partitions, IReadOnlyList<string> held, int nodes)
    {
        var most = (partitions + Math.Max(nodes, 1) - 1) / Math.Max(nodes, 1);
        return new([.. held.Skip(most)], Math.Max(most - held.Count, 0));
    }
}
