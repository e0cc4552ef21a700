using JitFunctions.Domain.Text;

namespace JitFunctions.Domain.Rights;

/// <summary>
/// Describes rules for the people who decide about them. The names in rules come from others: anything other than a
/// plain name is quoted, and characters that could fake text are replaced.
/// </summary>
internal static class RightsWords
{
    private static readonly string[] VerbOrder =
    [
        "get",
        "list",
        "watch",
        "create",
        "update",
        "patch",
        "delete",
        "deletecollection",
    ];

    /// <summary>Returns a text that does not depend on the order of the names.</summary>
    public static string List(IEnumerable<string> names) =>
        Join([.. names.Distinct().Order(StringComparer.Ordinal).Select(Plain)]);

    public static string Verbs(IReadOnlyList<string> verbs) =>
        verbs.Contains(RbacRule.Wildcard) ? "do anything with" : JoinVerbs(verbs.Select(Plain));

    /// <param name="verbs">Verbs that are already formatted.</param>
    public static string JoinVerbs(IEnumerable<string> verbs) =>
        Join([
            .. verbs
                .Distinct()
                .OrderBy(verb => Array.IndexOf(VerbOrder, verb) is >= 0 and var known ? known : VerbOrder.Length)
                .ThenBy(verb => verb, StringComparer.Ordinal),
        ]);

    /// <summary>The core group is not mentioned, unless the rule is for all its resources.</summary>
    public static string Resources(IReadOnlyList<string> resources, IReadOnlyList<string> groups) =>
        (resources.Contains(RbacRule.Wildcard), groups.Contains(RbacRule.Wildcard)) switch
        {
            (true, true) => "every resource",
            (true, false) => $"every resource of {Groups(groups)}",
            (false, true) => $"{List(resources)} of any API group",
            (false, false) when groups.All(group => group.Length == 0) => List(resources),
            (false, false) => $"{List(resources)} of {Groups(groups)}",
        };

    public static string Only(IEnumerable<string> names) =>
        $" (only {Join([.. names.Distinct().Order(StringComparer.Ordinal).Select(Quote)])})";

    public static string Join(List<string> phrases) =>
        phrases switch
        {
            [] => "",
            [var only] => only,
            [..] => $"{string.Join(", ", phrases[..^1])} and {phrases[^1]}",
        };

    private static string Groups(IEnumerable<string> groups) =>
        List(groups.Select(group => group.Length == 0 ? "core" : group));

    private static string Plain(string name) =>
        name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '/' or ':' or '*' or '_')
            ? name
            : Quote(name);

    private static string Quote(string name) => $"\"{PlainText.Shown(name).Replace('"', '\uFFFD')}\"";
}
