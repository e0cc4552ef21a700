namespace JitFunctions.Domain.Rights;

/// <summary>How what a role gives differs from what was approved, and from what was known of that already.</summary>
/// <param name="Added">Given now, not approved, and not known.</param>
/// <param name="Gone">Known as not approved, and no longer given.</param>
/// <param name="Unapproved">All that is given now and was not approved.</param>
public sealed record RightsGrowth(IReadOnlyList<PlacedRules> Added, IReadOnlyList<PlacedRules> Gone, IReadOnlyList<PlacedRules> Unapproved)
{
    public bool IsNone => Added is [] && Gone is [];

    /// <param name="approved">What was decided about.</param>
    /// <param name="known">What is recorded as given without approval.</param>
    /// <param name="current">What the cluster gives now.</param>
    public static RightsGrowth Between(IReadOnlyList<PlacedRules> approved, IReadOnlyList<PlacedRules> known, IReadOnlyList<PlacedRules> current)
    {
        var unapproved = Beyond(approved, current);
        return new(Beyond(known, unapproved), Beyond(unapproved, known), unapproved);
    }

    /// <summary>Both together, each right once.</summary>
    public static IReadOnlyList<PlacedRules> Union(IReadOnlyList<PlacedRules> some, IReadOnlyList<PlacedRules> others) =>
        Grouped([.. some, .. Beyond(some, others)]);

    /// <summary>What of the second is not within the first, place by place.</summary>
    private static IReadOnlyList<PlacedRules> Beyond(IReadOnlyList<PlacedRules> within, IReadOnlyList<PlacedRules> all) => Grouped(
        PlacesOf(all).Select(place => new PlacedRules(place is null ? [] : [place], Beyond(RulesAt(within, place), RulesAt(all, place)))));

    // Almost always it is the same to the letter.
    private static IReadOnlyList<RbacRule> Beyond(IReadOnlyList<RbacRule> within, IReadOnlyList<RbacRule> all) =>
        RuleKey.Of(within) == RuleKey.Of(all) ? [] : RuleCoverage.Beyond(within, all);

    // Null stands for the whole cluster.
    private static IEnumerable<string?> PlacesOf(IReadOnlyList<PlacedRules> rights) =>
        rights.SelectMany(placed => placed.ClusterWide ? (IEnumerable<string?>)[null] : placed.Namespaces).Distinct();

    // A RoleBinding gives no URLs outside the API, whatever its role says of them: nonResourceURLs in kubernetes.io/docs/reference/access-authn-authz/rbac.
    private static IReadOnlyList<RbacRule> RulesAt(IReadOnlyList<PlacedRules> rights, string? place) =>
    [
        .. rights.Where(placed => place is null ? placed.ClusterWide : placed.Namespaces.Contains(place)).SelectMany(placed => placed.Rules)
            .Where(rule => place is null || rule.NonResourceUrls is null or []),
    ];

    private static IReadOnlyList<PlacedRules> Grouped(IEnumerable<PlacedRules> placed) =>
    [
        .. placed.Where(one => one.Rules is [_, ..]).GroupBy(one => (one.ClusterWide, Key: RuleKey.Of(one.Rules)))
            .Select(same => new PlacedRules([.. same.SelectMany(one => one.Namespaces).Distinct()], same.First().Rules)),
    ];
}
