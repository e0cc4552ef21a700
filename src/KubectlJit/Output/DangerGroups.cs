using JitFunctions.KubectlJit.Api;

namespace JitFunctions.KubectlJit.Output;

/// <summary>
/// Groups dangerous rights so that the most important line comes first: the total, then those for the whole cluster,
/// then those within namespaces. Each group is in the server's order, most severe first. Full control includes all
/// other kinds, so these are only listed by name.
/// </summary>
internal static class DangerGroups
{
    private const string FullControl = "full-control";

    private static readonly (string? Reach, string Label, string Place)[] Groups =
    [
        ("cluster", "  cluster", "in the whole cluster"),
        ("namespace", "  namespaces", "within its namespaces"),
    ];

    /// <summary>Returns labelled lines. A single dangerous right is one line.</summary>
    public static IEnumerable<(string Label, string Text)> Lines(IReadOnlyList<Danger>? dangers)
    {
        if (dangers is null or [])
            return [];
        return dangers is [var only] ? [("Danger", RuleText.Of(only))] : Grouped(dangers);
    }

    /// <summary>The short form for a list.</summary>
    public static string InShort(IReadOnlyList<Danger> dangers) =>
        dangers.Any(danger => danger.Reach is "cluster") ? "dangerous cluster-wide" : "dangerous";

    private static IEnumerable<(string Label, string Text)> Grouped(IReadOnlyList<Danger> dangers)
    {
        (string Label, string Place, Danger[] Dangers)[] groups =
        [
            .. Groups.Select(group =>
                (group.Label, group.Place, dangers.Where(danger => danger.Reach == group.Reach).ToArray())
            ),
            // For a server that does not send the reach, or sends an unknown one.
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
