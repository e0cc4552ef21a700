using JitFunctions.Domain.Audit;
using JitFunctions.Domain.Audit.Reading;

namespace JitFunctions.Functions.EventHubs;

/// <summary>The items of some events of a hub, by the clusters that they are about.</summary>
/// <param name="Items">By the name of the cluster, in the order in which they were received.</param>
/// <param name="Unknown">How many records there were of resource ids that no cluster has.</param>
public sealed record HubDelivery(
    IReadOnlyDictionary<string, IReadOnlyList<AuditItem>> Items,
    IReadOnlyDictionary<string, int> Unknown
)
{
    /// <param name="clusters">The names of the clusters, by their resource ids in upper case.</param>
    /// <param name="bodies">Of the events.</param>
    /// <param name="gaps">What is missing before each.</param>
    public static HubDelivery Of(
        IReadOnlyDictionary<string, string> clusters,
        IEnumerable<ReadOnlyMemory<byte>> bodies,
        IEnumerable<AuditGap> gaps
    )
    {
        var items = clusters.Values.ToDictionary(name => name, _ => new List<AuditItem>());
        Dictionary<string, int> unknown = [];
        // What is missing, and what does not say of which cluster it is, may be of each of them.
        foreach (var from in gaps.Select(gap => new AuditItemFrom("", gap)).Concat(bodies.SelectMany(AksRecords.Read)))
        {
            if (from.Origin.Length == 0)
                foreach (var list in items.Values)
                    list.Add(from.Item);
            else if (clusters.TryGetValue(from.Origin, out var cluster))
                items[cluster].Add(from.Item);
            else
                unknown[from.Origin] = unknown.GetValueOrDefault(from.Origin) + 1;
        }

        return new(
            items
                .Where(one => one.Value.Count > 0)
                .ToDictionary(one => one.Key, one => (IReadOnlyList<AuditItem>)one.Value),
            unknown
        );
    }
}
