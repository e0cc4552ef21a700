namespace JitFunctions.Domain.Rights;

/// <summary>
/// The namespaces in which rights apply, all of the same reach; no namespaces means the whole cluster.
/// </summary>
internal sealed record Area(DangerReach Reach, IReadOnlyList<string> Namespaces)
{
    private const string SystemPrefix = "kube-";

    public static IEnumerable<Area> Of(NamespacedRules placed) =>
        placed.ClusterWide
            ? [new(DangerReach.Cluster, [])]
            : placed
                .Namespaces.GroupBy(name =>
                    name.StartsWith(SystemPrefix, StringComparison.Ordinal)
                        ? DangerReach.Cluster
                        : DangerReach.Namespace
                )
                .Select(names => new Area(names.Key, [.. names]));

    public static string Words(IReadOnlyCollection<Area> areas) =>
        areas.Any(area => area.Namespaces.Count == 0)
            ? "in the whole cluster"
            : $"in {RightsWords.List(areas.SelectMany(area => area.Namespaces))}";
}
