using System.Numerics;

namespace JitFunctions.Domain.Rights;

/// <summary>Tells what rules allow, and whether one set of rules is contained in another.</summary>
public static class RuleCoverage
{
    private const string AnyName = "whatever the name";

    /// <summary>
    /// Decides like the RBAC authorizer of Kubernetes: <c>pkg/apis/rbac/v1/evaluation_helpers.go</c> in
    /// kubernetes/kubernetes.
    /// </summary>
    public static bool Allows(IEnumerable<RbacRule> rules, ResourceAccess access) =>
        rules.Any(rule =>
            rule.HasVerb(access.Verb)
            && rule.HasApiGroup(access.ApiGroup)
            && rule.HasResource(access.Resource)
            && rule.HasName(access.Name ?? "")
        );

    /// <summary>Decides like the RBAC authorizer about a path that is no resource, such as <c>/healthz</c>.</summary>
    public static bool AllowsUrl(IEnumerable<RbacRule> rules, string verb, string path) =>
        rules.Any(rule => rule.HasVerb(verb) && CoversUrl(rule, path));

    /// <summary>
    /// Describes the parts of the requested rules that the ceiling does not cover; empty when it covers all of them.
    /// Each requested combination must be covered by a single rule of the ceiling; different combinations may be
    /// covered by different rules. Resource names in the ceiling may be patterns, in which <c>*</c> stands for any run
    /// of characters; requested resource names are literal.
    /// </summary>
    public static IEnumerable<string> Uncovered(IReadOnlyList<RbacRule> ceiling, IReadOnlyList<RbacRule> asked) =>
        asked.SelectMany(rule => UncoveredObjects(ceiling, rule).Concat(UncoveredUrls(ceiling, rule))).Distinct();

    /// <summary>
    /// Returns the parts of the requested rules that the given rules do not contain. Resource names are literal on both
    /// sides, as in Kubernetes.
    /// </summary>
    /// <param name="work">The limit of the work; null for rules that nobody else can write.</param>
    /// <exception cref="TooMuchToCompareException" />
    internal static IReadOnlyList<RbacRule> Beyond(
        IReadOnlyList<RbacRule> given,
        IReadOnlyList<RbacRule> asked,
        ComparisonWork? work
    ) => [.. asked.SelectMany(rule => ObjectsBeyond(given, rule, work).Concat(UrlsBeyond(given, rule, work)))];

    private static IEnumerable<RbacRule> ObjectsBeyond(
        IReadOnlyList<RbacRule> given,
        RbacRule asked,
        ComparisonWork? work
    )
    {
        IReadOnlyList<string>? names = asked.ResourceNames is { Count: > 0 } some ? some : null;
        work?.Take(
            Comparisons(asked.Verbs, given, rule => rule.Verbs)
                + Comparisons(asked.Resources, given, rule => rule.Resources)
                + Comparisons(asked.ApiGroups, given, rule => rule.ApiGroups)
                + Comparisons(names ?? [], given, rule => rule.ResourceNames)
        );
        return Uncovered(
                given.Count,
                work,
                Classes(given, asked.Verbs, (rule, verb) => rule.HasVerb(verb)),
                Classes(given, asked.Resources, (rule, resource) => rule.HasResource(resource)),
                Classes(given, asked.ApiGroups, (rule, group) => rule.HasApiGroup(group)),
                Classes(
                    given,
                    names ?? [AnyName],
                    (rule, name) => names is null ? rule.ResourceNames is null or [] : rule.HasName(name)
                )
            )
            .GroupBy(part => $"{RuleKey.Of(part[1])}{RuleKey.Of(part[2])}{RuleKey.Of(part[3])}")
            .Select(same => new RbacRule(
                same.First()[2],
                same.First()[1],
                [.. same.SelectMany(part => part[0])],
                names is null ? null : same.First()[3]
            ));
    }

    private static IEnumerable<RbacRule> UrlsBeyond(IReadOnlyList<RbacRule> given, RbacRule asked, ComparisonWork? work)
    {
        if (asked.NonResourceUrls is not [_, ..] urls)
            return [];
        work?.Take(
            Comparisons(asked.Verbs, given, rule => rule.Verbs) + Comparisons(urls, given, rule => rule.NonResourceUrls)
        );
        return Uncovered(
                given.Count,
                work,
                Classes(given, asked.Verbs, (rule, verb) => rule.HasVerb(verb)),
                Classes(given, urls, CoversUrl)
            )
            .Select(part => new RbacRule([], [], part[0], null, part[1]));
    }

    // Each word is compared with the list of each rule. The 1 counts the rule itself.
    private static long Comparisons(
        IReadOnlyList<string> words,
        IReadOnlyList<RbacRule> given,
        Func<RbacRule, IReadOnlyList<string>?> list
    ) => words.Count * given.Sum(rule => 1L + (list(rule)?.Count ?? 0));

    private static IEnumerable<string> UncoveredObjects(IReadOnlyList<RbacRule> ceiling, RbacRule asked)
    {
        IReadOnlyList<string>? names = asked.ResourceNames is { Count: > 0 } given ? given : null;
        var unnamed = ceiling.Any(rule => rule.ResourceNames is { Count: > 0 }) ? $", {AnyName}" : "";
        return InWords(
            Uncovered(
                ceiling.Count,
                work: null,
                Classes(ceiling, asked.Verbs, (rule, verb) => rule.HasVerb(verb)),
                Classes(ceiling, asked.Resources, (rule, resource) => rule.HasResource(resource)),
                Classes(ceiling, asked.ApiGroups, (rule, group) => rule.HasApiGroup(group)),
                Classes(
                    ceiling,
                    names ?? [AnyName],
                    (rule, name) => names is null ? rule.ResourceNames is null or [] : CoversName(rule, name)
                )
            ),
            part => RightsWords.Resources(part[1], part[2]) + (names is null ? unnamed : RightsWords.Only(part[3]))
        );
    }

    private static IEnumerable<string> UncoveredUrls(IReadOnlyList<RbacRule> ceiling, RbacRule asked) =>
        InWords(
            Uncovered(
                ceiling.Count,
                work: null,
                Classes(ceiling, asked.Verbs, (rule, verb) => rule.HasVerb(verb)),
                Classes(ceiling, asked.NonResourceUrls ?? [], CoversUrl)
            ),
            part => RightsWords.List(part[1])
        );

    // The first list of each part holds the verbs.
    private static IEnumerable<string> InWords(
        IEnumerable<IReadOnlyList<string>[]> parts,
        Func<IReadOnlyList<string>[], string> objects
    ) =>
        parts.GroupBy(objects).Select(same => $"{RightsWords.Verbs([.. same.SelectMany(part => part[0])])} {same.Key}");

    // The empty name stands for requests without an object name. No pattern is meant to match those.
    private static bool CoversName(RbacRule rule, string name) =>
        rule.HasName(name)
        || (name.Length > 0 && rule.ResourceNames!.Any(pattern => ObjectNamePattern.Matches(pattern, name)));

    private static bool CoversUrl(RbacRule rule, string url) =>
        rule.NonResourceUrls is { } covered
        && covered.Any(own =>
            own == url || (own.EndsWith('*') && url.StartsWith(own.TrimEnd('*'), StringComparison.Ordinal))
        );

    /// <summary>
    /// Words of one requested list that are covered by the same rules of the ceiling. Bit i stands for rule i.
    /// </summary>
    private sealed record Class(BigInteger CoveredBy, IReadOnlyList<string> Words);

    private static List<Class> Classes(
        IReadOnlyList<RbacRule> ceiling,
        IEnumerable<string> words,
        Func<RbacRule, string, bool> covers
    ) =>
        [
            .. words
                .Distinct()
                .GroupBy(word =>
                    ceiling
                        .Select((rule, i) => covers(rule, word) ? BigInteger.One << i : 0)
                        .Aggregate(BigInteger.Zero, (all, bit) => all | bit)
                )
                .Select(group => new Class(group.Key, [.. group])),
        ];

    /// <summary>
    /// Returns the combinations that no rule covers. Words that the same rules cover are grouped, so the work is
    /// bounded by the size of the ceiling, not by the number of requested combinations.
    /// </summary>
    private static IEnumerable<IReadOnlyList<string>[]> Uncovered(
        int rules,
        ComparisonWork? work,
        params List<Class>[] lists
    ) => lists.Any(list => list.Count == 0) ? [] : Uncovered((BigInteger.One << rules) - 1, [], lists, work);

    private static IEnumerable<IReadOnlyList<string>[]> Uncovered(
        BigInteger left,
        IReadOnlyList<string>[] chosen,
        List<Class>[] lists,
        ComparisonWork? work
    )
    {
        var isWhole = left.IsZero;
        work?.Take(
            ComparisonWork.Combination * (isWhole ? 1 + lists.Sum(list => (long)list.Sum(part => part.Words.Count)) : 1)
        );
        return isWhole
                ?
                [
                    [
                        .. chosen,
                        .. lists.Skip(chosen.Length).Select(list => list.SelectMany(part => part.Words).ToList()),
                    ],
                ]
            : chosen.Length == lists.Length ? []
            : lists[chosen.Length]
                .SelectMany(part => Uncovered(left & part.CoveredBy, [.. chosen, part.Words], lists, work));
    }
}
