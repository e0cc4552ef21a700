namespace JitFunctions.KubectlJit.Commands;

/// <summary>
/// A resource as kubectl writes it: <c>pods</c>, <c>pods/log</c>, <c>deployments.apps</c>,
/// <c>deployments.apps/scale</c>.
/// </summary>
/// <param name="Group">Empty for the core group.</param>
/// <param name="Name">With the subresource, as RBAC has it: <c>deployments/scale</c>.</param>
internal sealed record ResourceName(string Group, string Name)
{
    // The core group is closed: new resources come with groups of their own. Users and groups are what impersonation is
    // about.
    private static readonly HashSet<string> Core =
    [
        "*",
        "bindings",
        "componentstatuses",
        "configmaps",
        "endpoints",
        "events",
        "groups",
        "limitranges",
        "namespaces",
        "nodes",
        "persistentvolumeclaims",
        "persistentvolumes",
        "pods",
        "podtemplates",
        "replicationcontrollers",
        "resourcequotas",
        "secrets",
        "serviceaccounts",
        "services",
        "users",
    ];

    private static readonly Dictionary<string, string> Elsewhere = new()
    {
        ["certificatesigningrequests"] = "certificates.k8s.io",
        ["clusterrolebindings"] = "rbac.authorization.k8s.io",
        ["clusterroles"] = "rbac.authorization.k8s.io",
        ["cronjobs"] = "batch",
        ["customresourcedefinitions"] = "apiextensions.k8s.io",
        ["daemonsets"] = "apps",
        ["deployments"] = "apps",
        ["horizontalpodautoscalers"] = "autoscaling",
        ["ingresses"] = "networking.k8s.io",
        ["jobs"] = "batch",
        ["networkpolicies"] = "networking.k8s.io",
        ["poddisruptionbudgets"] = "policy",
        ["replicasets"] = "apps",
        ["rolebindings"] = "rbac.authorization.k8s.io",
        ["roles"] = "rbac.authorization.k8s.io",
        ["statefulsets"] = "apps",
    };

    /// <summary>
    /// What is meant, or why it cannot be. kubectl asks the cluster what <c>po</c> or <c>deployments</c> stands for;
    /// here nobody is asked, and a word that names nothing would look like a right that nobody has.
    /// </summary>
    public static (ResourceName? Resource, string? Wrong) Parse(string text)
    {
        var (whole, part) = text.Split('/') switch
        {
            [var name] => (name, ""),
            [var name, { Length: > 0 } subresource] => (name, $"/{subresource}"),
            _ => ("", ""),
        };
        return whole.Split('.', 2) switch
        {
            [{ Length: > 0 } name, { Length: > 0 } group] => (new ResourceName(group, name + part), null),
            [{ Length: > 0 } name] when Core.Contains(name) => (new ResourceName("", name + part), null),
            [{ Length: > 0 } name] when Elsewhere.TryGetValue(name, out var group) => (
                null,
                $"'{text}' is of the group {group}: write {name}.{group}{part}"
            ),
            [{ Length: > 0 } name] => (
                null,
                $"'{name}' is not in the core group: write it in full, as pods, or with its group, as deployments.apps"
            ),
            _ => (null, $"'{text}' is no resource: write pods, pods/log, deployments.apps or deployments.apps/scale"),
        };
    }
}
