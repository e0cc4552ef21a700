namespace JitFunctions.KubectlJit.Api;

/// <summary>
/// Rules and dangers as people read them, with resources as kubectl writes them: <c>deployments.apps/scale</c>.
/// </summary>
internal static class RuleText
{
    /// <summary>
    /// Such as <c>get,delete pods,pods/log named consumer-1</c>: exact, since a reviewer decides by it.
    /// </summary>
    public static string Of(Rule rule)
    {
        string[] groups = rule.ApiGroups is [_, ..] some ? [.. some] : [""];
        var targets = groups
            .SelectMany(group => (rule.Resources ?? []).Select(resource => Named(group, resource)))
            .Concat(rule.NonResourceUrls ?? []);
        var names = rule.ResourceNames is [_, ..] named ? $" named {string.Join(',', named)}" : "";
        return $"{string.Join(',', rule.Verbs)} {string.Join(',', targets)}{names}";
    }

    /// <summary>What a request is for: its role, or its own rules.</summary>
    public static string What(AccessRequest request) =>
        request.Role?.ToString() ?? string.Join("; ", (request.Rules ?? []).Select(Of));

    /// <summary>The same in short: as <c>--role</c> takes it.</summary>
    public static string ShortWhat(AccessRequest request) =>
        request.Role is { Kind: "ClusterRole", Name: var name } ? name : What(request);

    /// <summary>Such as <c>prod-eu/payments</c>.</summary>
    public static string Where(AccessRequest request) => $"{request.Cluster}/{request.NamespaceList}";

    public static string Of(Danger danger)
    {
        var kind = danger.Reach switch
        {
            "cluster" => $"{danger.Kind}, in the whole cluster",
            "namespace" => $"{danger.Kind}, within its namespaces",
            _ => danger.Kind,
        };
        return danger.BlastRadius is { } radius ? $"{radius.TrimEnd('.')} ({kind})" : kind;
    }

    /// <summary>Where it is said already how far it goes.</summary>
    public static string OfGrouped(Danger danger) => Of(danger with { Reach = null });

    private static string Named(string group, string resource) =>
        (group, resource.Split('/', 2)) switch
        {
            ("", _) => resource,
            (_, [var name, var part]) => $"{name}.{group}/{part}",
            _ => $"{resource}.{group}",
        };
}
