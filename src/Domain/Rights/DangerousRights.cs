namespace JitFunctions.Domain.Rights;

/// <summary>Finds the dangerous rights in rules, with their reach.</summary>
public static class DangerousRights
{
    private const string SystemRole = "system-role";
    private const string SystemPrefix = "system:";

    /// <summary>All codes, in the order in which <see cref="In"/> returns them.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [.. DangerTable.All.Select(danger => danger.Kind), SystemRole];

    /// <summary>
    /// Returns one entry for each kind and reach: first those for the whole cluster, then in the order of
    /// <see cref="Kinds"/>. Full control is reported together with every kind that it includes, so that a check for one
    /// kind finds it.
    /// </summary>
    /// <param name="roleName">The role that the rules come from, if any. The names of Kubernetes' own roles begin with
    /// <c>system:</c>.</param>
    public static IReadOnlyList<DangerousRight> In(IReadOnlyList<NamespacedRules> rights, string? roleName = null) =>
        [
            .. DangerTable
                .All.SelectMany(danger => Found(danger, rights))
                .Concat(InName(rights, roleName))
                .OrderByDescending(right => right.Reach),
        ];

    /// <summary>
    /// True for the rights of <c>cluster-admin</c>: one rule with every verb, resource and API group, and without
    /// resource names.
    /// </summary>
    public static bool IsFullControl(IEnumerable<RbacRule> rules) =>
        rules.Any(rule =>
            rule.Verbs.Contains(RbacRule.Wildcard)
            && rule.Resources.Contains(RbacRule.Wildcard)
            && rule.ApiGroups.Contains(RbacRule.Wildcard)
            && rule.ResourceNames is null or []
        );

    private static IEnumerable<DangerousRight> Found(Danger danger, IReadOnlyList<NamespacedRules> rights) =>
        from evidence in rights.SelectMany(placed => DangerEvidence.In(danger, placed))
        group evidence by evidence.Area.Reach into found
        let places = Area.Words([.. found.Select(evidence => evidence.Area)])
        select new DangerousRight(
            danger.Kind,
            found.Key,
            $"{danger.Words(places)}: it may {DangerEvidence.Words([.. found])}{Why(danger, [.. found])}"
        );

    // The text has to say it, because few people know that the API server returns the object to those who change it.
    private static string Why(Danger danger, IReadOnlyList<DangerEvidence> found)
    {
        var answering = found.Select(evidence => evidence.Access.Verb).Intersect(danger.AnsweringVerbs).ToList();
        return answering is [] || found.Any(evidence => DangerTable.Read.Contains(evidence.Access.Verb))
            ? ""
            : $"; {RightsWords.JoinVerbs(answering)} {(answering.Count == 1 ? "answers" : "answer")} with the object";
    }

    private static IEnumerable<DangerousRight> InName(IReadOnlyList<NamespacedRules> rights, string? roleName) =>
        roleName is null || !roleName.StartsWith(SystemPrefix, StringComparison.Ordinal)
            ? []
            : from area in rights.SelectMany(Area.Of)
            group area by area.Reach into areas
            select new DangerousRight(
                SystemRole,
                areas.Key,
                $"can do what a part of Kubernetes itself can {Area.Words([.. areas])}: its role is "
                    + $"{RightsWords.List([roleName])}"
            );
}
