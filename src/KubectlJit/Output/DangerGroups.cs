using JitFunctions.KubectlJit.Api;

namespace JitFunctions.KubectlJit.Output;

/// <summary>
/// Dangers so that the line that matters is read: how many there are, then those of the whole cluster, then those
/// within namespaces, each group with the gravest first, as the server sends them. Full control includes the others, so
/// that these are only named.
/// </summary>
internal static class DangerGroups
{
    private const string FullControl = "full-control";

    private static readonly (string? Reach, string Label, string Place)[] Groups =
    [
        ("cluster", "  cluster", "in the whole cluster"),
        ("namespace", "  namespaces", "within its namespaces"),
    ];

    /// <summary>Labelled lines; one danger is one line.</summary>
    public static IEnumerable<(string Label, string Text)> Lines(IReadOnlyList<Danger>? dangers)
    {
        if (dangers is null or [])
            return [];
        return dangers is [var only] ? [("Danger", RuleText.Of(only))] : Grouped(dangers);
    }

    /// <summary>For a list.</summary>
    public static string InShort(IReadOnlyList<Danger> dangers) =>
        dangers.Any(danger => danger.Reach is "cluster") ? "dangerous cluster-wide" : "dangerous";

    private static IEnumerable<(string Label, string Text)> Grouped(IReadOnlyList<Danger> dangers)
    {
        (string Label, string Place, Danger[] Dangers)[] groups =
        [
            .. Groups.Select(group =>
                (group.Label, group.Place, dangers.Where(danger => danger.Reach == group.Reach).ToArray())
            ),
            // Of a server that does not say, or says something newer.
            (
                "  elsewhere",
                "elsewhere",
                [.. dangers.Where(danger => Groups.All(group => group.Reach != danger.Reach))]
            ),
        ];
        groups = [.. groups.Where(group => group.Dangers is not [])];
        yield return ("Dangers", string.Join(", ", groups.Select(group => $"{group.Dangers.Length} {group.Place}")));

        var included = false;
        foreach (var (label, _, members) in groups)
        {
            included |= members.Any(danger => danger.Kind is FullControl);
            foreach (var danger in members.Where(danger => !included || danger.Kind is FullControl))
                yield return (label, RuleText.OfGrouped(danger));
            string[] others = included
                ? [.. members.Where(danger => danger.Kind is not FullControl).Select(danger => danger.Kind)]
                : [];
            if (others is not [])
                yield return (label, $"included in that: {string.Join(", ", others)}");
        }
    }
}
