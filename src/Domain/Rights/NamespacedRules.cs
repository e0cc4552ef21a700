namespace JitFunctions.Domain.Rights;

/// <summary>
/// Rules with the namespaces in which they apply; no namespaces means the whole cluster (a ClusterRoleBinding).
/// </summary>
public sealed record NamespacedRules(IReadOnlyList<string> Namespaces, IReadOnlyList<RbacRule> Rules)
{
    public bool ClusterWide => Namespaces.Count == 0;

    /// <summary>For example <c>get secrets in payments</c>.</summary>
    public string Describe() =>
        $"{string.Join(", ", Rules.Select(RuleText.Describe))} in "
        + $"{(ClusterWide ? "the whole cluster" : string.Join(", ", Namespaces))}";
}
