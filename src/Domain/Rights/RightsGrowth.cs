using System.Globalization;
using JitFunctions.Domain.Text;

namespace JitFunctions.Domain.Rights;

/// <summary>
/// The difference between what a role allows, what was approved, and what is already recorded as unapproved.
/// </summary>
/// <param name="Added">Allowed now, not approved, and not recorded yet.</param>
/// <param name="Gone">Recorded as unapproved, and no longer allowed.</param>
/// <param name="Unapproved">All that is allowed now and was not approved.</param>
public sealed record RightsGrowth(
    IReadOnlyList<NamespacedRules> Added,
    IReadOnlyList<NamespacedRules> Gone,
    IReadOnlyList<NamespacedRules> Unapproved
)
{
    /// <summary>
    /// The maximum number of characters of unapproved rights in one event. A request has one such event for each change
    /// of its role.
    /// </summary>
    public const int MostText = 10_000;

    // These rules have no resource names. In the whole cluster, everything also includes non-resource URLs.
    private static readonly RbacRule EveryObject = new([RbacRule.Wildcard], [RbacRule.Wildcard], [RbacRule.Wildcard]);
    private static readonly RbacRule EveryUrl = new([], [], [RbacRule.Wildcard], null, [RbacRule.Wildcard]);

    /// <summary>
    /// The reason why the unapproved rights cannot be determined, so that they count as everything; null if they can.
    /// </summary>
    public string? Untold { get; init; }

    public bool IsNone => Added is [] && Gone is [];

    /// <param name="approved">The rights that were approved.</param>
    /// <param name="known">The rights that are recorded as unapproved.</param>
    /// <param name="current">The rights that the cluster gives now.</param>
    public static RightsGrowth Between(
        IReadOnlyList<NamespacedRules> approved,
        IReadOnlyList<NamespacedRules> known,
        IReadOnlyList<NamespacedRules> current
    )
    {
        var work = new ComparisonWork();
        try
        {
            var unapproved = Beyond(approved, current, work);
            return WhyNotTold(unapproved) is { } why
                ? Everything(approved, known, current, why)
                : new(Beyond(known, unapproved, work), Beyond(unapproved, known, work), unapproved);
        }
        catch (TooMuchToCompareException)
        {
            return Everything(approved, known, current, $"it holds {Words(current)} words, too many to compare");
        }
    }

    /// <summary>Returns both as one text. It tells whether a comparison was made with the same rights.</summary>
    internal static string BasisOf(IReadOnlyList<NamespacedRules> approved, IReadOnlyList<NamespacedRules> known) =>
        $"{KeyOf(approved)}/{KeyOf(known)}";

    private static string KeyOf(IReadOnlyList<NamespacedRules> rights) =>
        string.Concat(rights.Select(placed => $"{RuleKey.Of(placed.Namespaces)}{RuleKey.Of(placed.Rules)};"));

    // Counts everything as unapproved in each place where the rules are not identical to the approved ones.
    private static RightsGrowth Everything(
        IReadOnlyList<NamespacedRules> approved,
        IReadOnlyList<NamespacedRules> known,
        IReadOnlyList<NamespacedRules> current,
        string why
    )
    {
        var everything = Grouped(
            PlacesOf(current)
                .Where(place => RuleKey.Of(RulesAt(approved, place)) != RuleKey.Of(RulesAt(current, place)))
                .Select(place => new NamespacedRules(
                    place is null ? [] : [place],
                    place is null ? [EveryObject, EveryUrl] : [EveryObject]
                ))
        );
        return new(Beyond(known, everything, work: null), Beyond(everything, known, work: null), everything)
        {
            Untold = why,
        };
    }

    private static string? WhyNotTold(IReadOnlyList<NamespacedRules> unapproved)
    {
        var words = unapproved.SelectMany(placed => placed.Rules).SelectMany(WordsOf).ToList();
        if (words.Any(word => !PlainText.IsLine(word)))
            return "it holds characters that cannot be seen";
        return words.Sum(word => (long)word.Length) is var length and > MostText
            ? string.Create(CultureInfo.InvariantCulture, $"what was added is {length} characters long")
            : null;
    }

    private static string Words(IReadOnlyList<NamespacedRules> rights) =>
        rights
            .Sum(placed => placed.Rules.Sum(rule => (long)WordsOf(rule).Count()))
            .ToString(CultureInfo.InvariantCulture);

    private static IEnumerable<string> WordsOf(RbacRule rule) =>
        [
            .. rule.ApiGroups,
            .. rule.Resources,
            .. rule.Verbs,
            .. rule.ResourceNames ?? [],
            .. rule.NonResourceUrls ?? [],
        ];

    /// <summary>Combines both. Rights that are in both appear once, unless there are too many to compare.</summary>
    public static IReadOnlyList<NamespacedRules> Union(
        IReadOnlyList<NamespacedRules> some,
        IReadOnlyList<NamespacedRules> others
    )
    {
        try
        {
            return Grouped([.. some, .. Beyond(some, others, new ComparisonWork())]);
        }
        catch (TooMuchToCompareException)
        {
            return Grouped([.. some, .. others]);
        }
    }

    /// <summary>
    /// Like <see cref="Union"/>, but returns everything in all of these places if the result exceeds
    /// <see cref="MostText"/>.
    /// </summary>
    public static IReadOnlyList<NamespacedRules> BoundedUnion(
        IReadOnlyList<NamespacedRules> some,
        IReadOnlyList<NamespacedRules> others
    )
    {
        var union = Union(some, others);
        return WhyNotTold(union) is null ? union : Everything([], [], union, string.Empty).Unapproved;
    }

    /// <summary>
    /// Returns the rights of <paramref name="all"/> that <paramref name="within"/> does not contain, compared place by
    /// place.
    /// </summary>
    private static IReadOnlyList<NamespacedRules> Beyond(
        IReadOnlyList<NamespacedRules> within,
        IReadOnlyList<NamespacedRules> all,
        ComparisonWork? work
    )
    {
        // A ClusterRole gives the same rules in every namespace, and both sides are almost always identical.
        var compared = new Dictionary<(string, string), IReadOnlyList<RbacRule>>();
        return Grouped(
            PlacesOf(all)
                .Select(place =>
                {
                    var (some, more) = (RulesAt(within, place), RulesAt(all, place));
                    var key = (RuleKey.Of(some), RuleKey.Of(more));
                    if (!compared.TryGetValue(key, out var beyond))
                        compared[key] = beyond = key.Item1 == key.Item2 ? [] : RuleCoverage.Beyond(some, more, work);
                    return new NamespacedRules(place is null ? [] : [place], beyond);
                })
        );
    }

    // Null stands for the whole cluster.
    private static IEnumerable<string?> PlacesOf(IReadOnlyList<NamespacedRules> rights) =>
        rights.SelectMany(placed => placed.ClusterWide ? (IEnumerable<string?>)[null] : placed.Namespaces).Distinct();

    // A RoleBinding does not grant non-resource URLs, even if its role lists them: nonResourceURLs in
    // kubernetes.io/docs/reference/access-authn-authz/rbac.
    private static IReadOnlyList<RbacRule> RulesAt(IReadOnlyList<NamespacedRules> rights, string? place) =>
        [
            .. rights
                .Where(placed => place is null ? placed.ClusterWide : placed.Namespaces.Contains(place))
                .SelectMany(placed => placed.Rules)
                .Where(rule => place is null || rule.NonResourceUrls is null or []),
        ];

    private static IReadOnlyList<NamespacedRules> Grouped(IEnumerable<NamespacedRules> placed) =>
        [
            .. placed
                .Where(one => one.Rules is [_, ..])
                .GroupBy(one => (one.ClusterWide, Key: RuleKey.Of(one.Rules)))
                .Select(same => new NamespacedRules(
                    [.. same.SelectMany(one => one.Namespaces).Distinct()],
                    same.First().Rules
                )),
        ];
}
