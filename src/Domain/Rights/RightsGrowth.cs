using System.Globalization;
using JitFunctions.Domain.Text;

namespace JitFunctions.Domain.Rights;

/// <summary>How what a role gives differs from what was approved, and from what was known of that already.</summary>
/// <param name="Added">Given now, not approved, and not known.</param>
/// <param name="Gone">Known as not approved, and no longer given.</param>
/// <param name="Unapproved">All that is given now and was not approved.</param>
public sealed record RightsGrowth(
    IReadOnlyList<NamespacedRules> Added,
    IReadOnlyList<NamespacedRules> Gone,
    IReadOnlyList<NamespacedRules> Unapproved
)
{
    /// <summary>
    /// The most characters of unapproved rights that events are to hold; a request has one for each change of its role.
    /// </summary>
    public const int MostText = 10_000;

    // Without names and, in the whole cluster, with URLs outside the API.
    private static readonly RbacRule EveryObject = new([RbacRule.Wildcard], [RbacRule.Wildcard], [RbacRule.Wildcard]);
    private static readonly RbacRule EveryUrl = new([], [], [RbacRule.Wildcard], null, [RbacRule.Wildcard]);

    /// <summary>
    /// Why it cannot be told what is given without approval, so that it counts as everything; null when it can.
    /// </summary>
    public string? Untold { get; init; }

    public bool IsNone => Added is [] && Gone is [];

    /// <param name="approved">What was decided about.</param>
    /// <param name="known">What is recorded as given without approval.</param>
    /// <param name="current">What the cluster gives now.</param>
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

    /// <summary>As one text, to tell whether a comparison was made with these.</summary>
    internal static string BasisOf(IReadOnlyList<NamespacedRules> approved, IReadOnlyList<NamespacedRules> known) =>
        $"{KeyOf(approved)}/{KeyOf(known)}";

    private static string KeyOf(IReadOnlyList<NamespacedRules> rights) =>
        string.Concat(rights.Select(placed => $"{RuleKey.Of(placed.Namespaces)}{RuleKey.Of(placed.Rules)};"));

    // Wherever it is not the same to the letter.
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

    /// <summary>Both together, each right once, unless they are too many to compare.</summary>
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
    /// The same; where it gets longer than <see cref="MostText"/>, everything in all of these places.
    /// </summary>
    public static IReadOnlyList<NamespacedRules> BoundedUnion(
        IReadOnlyList<NamespacedRules> some,
        IReadOnlyList<NamespacedRules> others
    )
    {
        var union = Union(some, others);
        return WhyNotTold(union) is null ? union : Everything([], [], union, string.Empty).Unapproved;
    }

    /// <summary>What of the second is not within the first, place by place.</summary>
    private static IReadOnlyList<NamespacedRules> Beyond(
        IReadOnlyList<NamespacedRules> within,
        IReadOnlyList<NamespacedRules> all,
        ComparisonWork? work
    )
    {
        // Of a ClusterRole it is the same in every namespace, and almost always the same to the letter.
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

    // A RoleBinding gives no URLs outside the API, whatever its role says of them: nonResourceURLs in
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
