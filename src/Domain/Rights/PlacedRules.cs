namespace JitFunctions.Domain.Rights;

/// <summary>Rules and where they hold; no namespaces means the whole cluster (a ClusterRoleBinding).</summary>
public sealed record PlacedRules(IReadOnlyList<string> Namespaces, IReadOnlyList<RbacRule> Rules)
{
    public bool ClusterWide => Namespaces.Count == 0;
}
