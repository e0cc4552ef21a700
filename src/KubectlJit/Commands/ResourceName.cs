namespace JitFunctions.KubectlJit.Commands;

/// <summary>
/// A resource as kubectl writes it: <c>pods</c>, <c>pods/log</c>, <c>deployments.apps</c>,
/// <c>deployments.apps/scale</c>.
/// </summary>
/// <param name="Group">Empty for the core group.</param>
/// <param name="Name">Includes the subresource, as in RBAC: <c>deployments/scale</c>.</param>
internal sealed record ResourceName(string Group, string Name)
{
    // The core group gets no new resources; new ones belong to other API groups. Users and groups are for
    // impersonation.
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
    /// Returns the resource, or the reason why the text is invalid. kubectl asks the cluster what <c>po</c> or
    /// <c>deployments</c> means. The plugin does not, and an unknown word would look like a right that nobody has.
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
