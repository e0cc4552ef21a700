using JitFunctions.Domain.Rights;
using k8s.Models;

namespace JitFunctions.Functions.Clusters;

/// <summary>Selects the questions to the authorizer that show whether somebody has certain rights.</summary>
internal static class AccessQuestions
{
    // A role can have hundreds of rules; this many questions are enough, and take no more than a second or two.
    private const int Most = 20;

    /// <summary>
    /// At most 20 questions, the same number for each namespace. With more namespaces than that, one for each.
    /// </summary>
    public static IReadOnlyList<V1ResourceAttributes> About(IReadOnlyList<NamespacedRules> rights)
    {
        List<(string? Namespace, IReadOnlyList<RbacRule> Rules)> places =
        [
            .. rights.SelectMany(part =>
                part.ClusterWide
                    ? [(Namespace: (string?)null, part.Rules)]
                    : part.Namespaces.Select(ns => (Namespace: (string?)ns, part.Rules))
            ),
        ];
        return [.. places.SelectMany(place => Over(place.Rules, place.Namespace, Math.Max(1, Most / places.Count)))];
    }

    /// <summary>
    /// The questions are spread over all rules, not taken from the first entries only. The combinations of a rule are
    /// counted and never generated: requesters write rules, and fifty entries in each of four lists are six million
    /// combinations.
    /// </summary>
    public static IEnumerable<V1ResourceAttributes> Over(IReadOnlyList<RbacRule> rules, string? ns, int most)
    {
        List<RuleEntries> all = [.. rules.Select(RuleEntries.Of)];
        var count = all.Aggregate(Int128.Zero, (sum, entries) => sum + entries.Count);
        var step = Int128.Max(1, (count + most - 1) / most);
        for (var i = Int128.Zero; i < count; i += step)
            yield return At(all, i, ns);
    }

    private static V1ResourceAttributes At(List<RuleEntries> all, Int128 index, string? ns)
    {
        foreach (var entries in all)
        {
            if (index < entries.Count)
                return entries.Question(index, ns);
            index -= entries.Count;
        }

        throw new ArgumentOutOfRangeException(nameof(index));
    }

    private sealed record RuleEntries(
        IReadOnlyList<string> Verbs,
        IReadOnlyList<string> Resources,
        IReadOnlyList<string> ApiGroups,
        IReadOnlyList<string?> Names
    )
    {
        public Int128 Count => (Int128)Verbs.Count * Resources.Count * ApiGroups.Count * Names.Count;

        public static RuleEntries Of(RbacRule rule) =>
            new(
                WithoutWildcards(rule.Verbs, "get", "create", "delete"),
                WithoutWildcards(rule.Resources, "secrets", "pods"),
                WithoutWildcards(rule.ApiGroups, string.Empty),
                rule.ResourceNames is { Count: > 0 } names ? [.. names.Distinct()] : [null]
            );

        public V1ResourceAttributes Question(Int128 index, string? ns)
        {
            var name = Take(Names);
            var apiGroup = Take(ApiGroups);
            var parts = Take(Resources).Split('/', 2);
            return new()
            {
                NamespaceProperty = ns,
                Verb = Take(Verbs),
                Group = apiGroup,
                Resource = parts[0],
                Subresource = parts.Length > 1 ? parts[1] : null,
                Name = name,
            };

            T Take<T>(IReadOnlyList<T> entries)
            {
                (index, var at) = Int128.DivRem(index, entries.Count);
                return entries[(int)at];
            }
        }

        // Asked literally, "*" is allowed only by another "*": standing rights to a single resource would not be found.
        private static IReadOnlyList<string> WithoutWildcards(
            IReadOnlyList<string> entries,
            params string[] examples
        ) => [.. entries.SelectMany(entry => entry == RbacRule.Wildcard ? examples : [entry]).Distinct()];
    }
}
