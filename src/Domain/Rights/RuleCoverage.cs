using System.Numerics;

namespace JitFunctions.Domain.Rights;

/// <summary>What rules allow, and whether some rules stay within others.</summary>
public static class RuleCoverage
{
    private const string AnyName = "whatever the name";

    /// <summary>
    /// Judges as Kubernetes' RBAC authorizer does: <c>pkg/apis/rbac/v1/evaluation_helpers.go</c> in
    /// kubernetes/kubernetes.
    /// </summary>
    public static bool Allows(IEnumerable<RbacRule> rules, ResourceAccess access) =>
        rules.Any(rule =>
            rule.HasVerb(access.Verb)
            && rule.HasApiGroup(access.ApiGroup)
            && rule.HasResource(access.Resource)
            && rule.HasName(access.Name ?? "")
        );

    /// <summary>
    /// What of the asked rules the ceiling does not cover, in words; empty when it covers all. Each asked combination
    /// must lie within one rule of the ceiling, different ones may lie in different rules. Resource names of the
    /// ceiling may be patterns, in which <c>*</c> stands for any run of characters; asked ones are literal.
    /// </summary>
    public static IEnumerable<string> Uncovered(IReadOnlyList<RbacRule> ceiling, IReadOnlyList<RbacRule> asked) =>
        asked.SelectMany(rule => UncoveredObjects(ceiling, rule).Concat(UncoveredUrls(ceiling, rule))).Distinct();

    /// <summary>
    /// What of the asked rules the others do not give, as rules. Resource names are literal on both sides, as
    /// Kubernetes takes them.
    /// </summary>
    /// <param name="work">Null for what nobody else can write.</param>
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

    // Each word is looked for in the list of each rule; one more for the rule itself.
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

    // The verbs of a part come first.
    private static IEnumerable<string> InWords(
        IEnumerable<IReadOnlyList<string>[]> parts,
        Func<IReadOnlyList<string>[], string> objects
    ) =>
        parts.GroupBy(objects).Select(same => $"{RightsWords.Verbs([.. same.SelectMany(part => part[0])])} {same.Key}");

    // The empty name stands for requests that name no object, which no pattern is meant to let through.
    private static bool CoversName(RbacRule rule, string name) =>
        rule.HasName(name)
        || (name.Length > 0 && rule.ResourceNames!.Any(pattern => ObjectNamePattern.Matches(pattern, name)));

    private static bool CoversUrl(RbacRule rule, string url) =>
        rule.NonResourceUrls is { } covered
        && covered.Any(own =>
            own == url || (own.EndsWith('*') && url.StartsWith(own.TrimEnd('*'), StringComparison.Ordinal))
        );

    /// <summary>Words of one asked list that the same rules of the ceiling cover: bit i stands for rule i.</summary>
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
    /// The combinations that no rule covers. Equal words go together: the work is bounded by the ceiling, not by the
    /// product of what somebody asks for.
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
