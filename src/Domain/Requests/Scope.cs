namespace JitFunctions.Domain.Requests;

public enum RoleKind
{
    Role,
    ClusterRole,
}

/// <summary>A Kubernetes role by kind and name, written <c>ClusterRole/edit</c>.</summary>
public sealed record RoleRef(RoleKind Kind, string Name)
{
    public override string ToString() => $"{Kind}/{Name}";
}

/// <summary>What a request is for.</summary>
/// <param name="Namespaces">Empty exactly when <paramref name="ClusterWide"/>: an empty list alone never means "all".</param>
public sealed record Scope(string Cluster, IReadOnlyList<string> Namespaces, bool ClusterWide, RoleRef Role)
{
    public override string ToString() =>
        $"{Role} in {(ClusterWide ? "all namespaces" : string.Join(", ", Namespaces))} of {Cluster}";
}
