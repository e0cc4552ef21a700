namespace JitFunctions.Domain.Rights;

/// <summary>
/// The reason why rights are dangerous: what they allow, and where. Empty <paramref name="Names"/> means every object.
/// </summary>
internal sealed record DangerEvidence(Area Area, DangerousAccess Access, IReadOnlyList<string> Names)
{
    public static IEnumerable<DangerEvidence> In(Danger danger, NamespacedRules placed) =>
        from rule in placed.Rules
        from access in danger.In(rule)
        where placed.ClusterWide || !access.ClusterOnly
        group rule by access into rules
        let names = NamesIn([.. rules])
        from area in Area.Of(placed)
        where area.Reach is DangerReach.Cluster || !rules.Key.SystemOnly
        select new DangerEvidence(area, rules.Key, names);

    /// <summary>
    /// Returns a text that does not depend on the order of the evidence: <c>get and list secrets</c>, or if the
    /// namespaces differ, <c>get secrets (only "db") in orders; get and list secrets in payments</c>.
    /// </summary>
    public static string Words(IReadOnlyCollection<DangerEvidence> evidence)
    {
        var clauses = evidence
            .GroupBy(one => (one.Access, Where: Area.Words([one.Area])))
            .Select(same => (same.Key.Access, Only: Limit([.. same.Select(one => one.Names)]), same.First().Area))
            .GroupBy(one => (one.Access, one.Only))
            .Select(same => (same.Key.Access, same.Key.Only, Where: Area.Words([.. same.Select(one => one.Area)])))
            .GroupBy(one => (one.Access.Resource, one.Only, one.Where))
            .Select(same =>
                (
                    Verbs: RightsWords.JoinVerbs(same.Select(one => one.Access.Verb)),
                    same.Key.Resource,
                    same.Key.Only,
                    same.Key.Where
                )
            )
            .GroupBy(one => (one.Verbs, one.Only, one.Where))
            .Select(same =>
                (same.Key.Where, Text: $"{same.Key.Verbs} {Resources(same.Select(one => one.Resource))}{same.Key.Only}")
            )
            .OrderBy(one => one.Where, StringComparer.Ordinal)
            .ThenBy(one => one.Text, StringComparer.Ordinal)
            .ToList();
        var everywhereAlike = clauses.DistinctBy(one => one.Where).Count() == 1;
        return string.Join("; ", clauses.Select(one => everywhereAlike ? one.Text : $"{one.Text} {one.Where}"));
    }

    private static string Resources(IEnumerable<string> names) =>
        RightsWords.Join([.. names.Order(StringComparer.Ordinal)]);

    private static string Limit(IReadOnlyCollection<IReadOnlyList<string>> names) =>
        names.Any(some => some.Count == 0) ? "" : RightsWords.Only(names.SelectMany(some => some));

    private static IReadOnlyList<string> NamesIn(IReadOnlyCollection<RbacRule> rules) =>
        rules.All(DangerSign.IsLimited) ? [.. rules.SelectMany(rule => rule.ResourceNames!)] : [];
}
