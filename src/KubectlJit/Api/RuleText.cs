namespace JitFunctions.KubectlJit.Api;

/// <summary>
/// Formats rules and dangerous rights for people. Resources are written as in kubectl: <c>deployments.apps/scale</c>.
/// </summary>
internal static class RuleText
{
    /// <summary>
    /// Such as <c>get,delete pods,pods/log named consumer-1</c>. It is complete, because a reviewer decides based on
    /// it.
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

    /// <summary>The role or the ad-hoc rules of a request.</summary>
    public static string What(AccessRequest request) =>
        request.Role?.ToString() ?? string.Join("; ", (request.Rules ?? []).Select(Of));

    /// <summary>The short form, as <c>--role</c> accepts it.</summary>
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

    /// <summary>Omits the reach, for output that already shows it.</summary>
    public static string OfGrouped(Danger danger) => Of(danger with { Reach = null });

    private static string Named(string group, string resource) =>
        (group, resource.Split('/', 2)) switch
        {
            ("", _) => resource,
            (_, [var name, var part]) => $"{name}.{group}/{part}",
            _ => $"{resource}.{group}",
        };
}
