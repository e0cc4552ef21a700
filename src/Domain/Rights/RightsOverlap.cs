namespace JitFunctions.Domain.Rights;

/// <summary>Tells whether two sets of rights have a right in common, and whether one contains the other.</summary>
public static class RightsOverlap
{
    /// <summary>
    /// True if some call may be allowed by both. Rights that are not known (no rules at all) overlap with all others.
    /// </summary>
    public static bool Of(IReadOnlyList<NamespacedRules> one, IReadOnlyList<NamespacedRules> other) =>
        one is []
        || other is []
        || one.Any(a => other.Any(b => SharePlace(a, b) && a.Rules.Any(rule => b.Rules.Any(x => Share(rule, x)))));

    /// <summary>True if <paramref name="held"/> gives all that is asked.</summary>
    public static bool Covers(IReadOnlyList<NamespacedRules> held, IReadOnlyList<NamespacedRules> asked) =>
        asked is [_, ..]
        && asked.All(placed =>
            placed.ClusterWide
                ? Covers(held.Where(one => one.ClusterWide), placed)
                : placed.Namespaces.All(ns =>
                    Covers(held.Where(one => one.ClusterWide || one.Namespaces.Contains(ns)), placed)
                )
        );

    private static bool Covers(IEnumerable<NamespacedRules> held, NamespacedRules asked) =>
        !RuleCoverage.Uncovered([.. held.SelectMany(one => one.Rules)], asked.Rules).Any();

    private static bool SharePlace(NamespacedRules a, NamespacedRules b) =>
        a.ClusterWide || b.ClusterWide || a.Namespaces.Intersect(b.Namespaces).Any();

    private static bool Share(RbacRule a, RbacRule b) =>
        ShareWord(a.Verbs, b.Verbs)
        && (ShareObjects(a, b) || ShareUrls(a.NonResourceUrls ?? [], b.NonResourceUrls ?? []));

    private static bool ShareObjects(RbacRule a, RbacRule b) =>
        ShareWord(a.ApiGroups, b.ApiGroups)
        && (a.Resources.Any(b.MayHaveResource) || b.Resources.Any(a.MayHaveResource))
        && (
            a.ResourceNames is null or []
            || b.ResourceNames is null or []
            || a.ResourceNames.Intersect(b.ResourceNames).Any()
        );

    private static bool ShareUrls(IReadOnlyList<string> a, IReadOnlyList<string> b) =>
        a.Any(url => b.Any(x => CoversUrl(url, x) || CoversUrl(x, url)));

    private static bool CoversUrl(string pattern, string url) =>
        pattern == url || (pattern.EndsWith('*') && url.StartsWith(pattern.TrimEnd('*'), StringComparison.Ordinal));

    private static bool ShareWord(IReadOnlyList<string> a, IReadOnlyList<string> b) =>
        (a.Contains(RbacRule.Wildcard) && b.Count > 0)
        || (b.Contains(RbacRule.Wildcard) && a.Count > 0)
        || a.Intersect(b).Any();

    // A wildcard that is asked for includes what the other names.
    private static bool MayHaveResource(this RbacRule rule, string resource) =>
        rule.Resources.Count > 0 && (resource == RbacRule.Wildcard || rule.HasResource(resource));
}
