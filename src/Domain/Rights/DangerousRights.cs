namespace JitFunctions.Domain.Rights;

/// <summary>What rules give beyond their words, and how far.</summary>
public static class DangerousRights
{
    private const string SystemRole = "system-role";
    private const string SystemPrefix = "system:";

    /// <summary>All codes, in the order in which <see cref="In"/> tells of them.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [.. DangerTable.All.Select(danger => danger.Kind), SystemRole];

    /// <summary>
    /// One entry for each kind and reach, those of the whole cluster first, then as in <see cref="Kinds"/>. Full
    /// control comes with every other kind that it includes: who looks for one kind finds it.
    /// </summary>
    /// <param name="roleName">The role that the rules come from, if any. Those of Kubernetes itself begin with
    /// <c>system:</c>.</param>
    public static IReadOnlyList<DangerousRight> In(IReadOnlyList<NamespacedRules> rights, string? roleName = null) =>
        [
            .. DangerTable
                .All.SelectMany(danger => Found(danger, rights))
                .Concat(InName(rights, roleName))
                .OrderByDescending(right => right.Reach),
        ];

    /// <summary>
    /// True for what <c>cluster-admin</c> has: one rule with every verb, resource and API group, and no names.
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

    // That who changes an object gets it as the answer is what hardly anybody knows.
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
