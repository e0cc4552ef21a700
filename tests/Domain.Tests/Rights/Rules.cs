using JitFunctions.Domain.Rights;

namespace JitFunctions.Domain.Tests.Rights;

/// <summary>
/// Short ways to write rules. Lists are words with spaces between them; <c>core</c> is the group without a name.
/// </summary>
internal static class Rules
{
    public static RbacRule Rule(string verbs, string resources, string groups = "core", params string[] names) =>
        new([.. Words(groups).Select(group => group == "core" ? "" : group)], Words(resources), Words(verbs), names);

    public static RbacRule Urls(string verbs, string urls) => new([], [], Words(verbs), null, Words(urls));

    public static NamespacedRules Everywhere(params RbacRule[] rules) => new([], rules);

    public static NamespacedRules In(string namespaces, params RbacRule[] rules) => new(Words(namespaces), rules);

    public static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
