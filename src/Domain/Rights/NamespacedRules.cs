namespace JitFunctions.Domain.Rights;

/// <summary>Rules and where they hold; no namespaces means the whole cluster (a ClusterRoleBinding).</summary>
public sealed record NamespacedRules(IReadOnlyList<string> Namespaces, IReadOnlyList<RbacRule> Rules)
{
    public bool ClusterWide => Namespaces.Count == 0;

    /// <summary>Such as <c>get secrets in payments</c>.</summary>
    public string Describe() =>
        $"{string.Join(", ", Rules.Select(RuleText.Describe))} in "
        + $"{(ClusterWide ? "the whole cluster" : string.Join(", ", Namespaces))}";
}
