using JitFunctions.Domain.Rights;

namespace JitFunctions.Domain.Scopes;

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

/// <summary>What a request is for: a role by its name, or ad-hoc rules.</summary>
/// <param name="Namespaces">Empty exactly when <paramref name="ClusterWide"/>: an empty list alone never means
/// "all".</param>
/// <param name="Role">Null exactly when there are <paramref name="Rules"/>.</param>
public sealed record Scope(
    string Cluster,
    IReadOnlyList<string> Namespaces,
    bool ClusterWide,
    RoleRef? Role,
    IReadOnlyList<RbacRule>? Rules = null
)
{
    /// <summary>A short description of the role or the rules.</summary>
    public string Describe() => Role?.ToString() ?? string.Join("; ", (Rules ?? []).Select(RuleText.Describe));

    /// <summary>The rules of an ad-hoc request, with the namespaces in which they apply.</summary>
    public IReadOnlyList<NamespacedRules>? AdHocRights() => Rules is { } rules ? [new(Namespaces, rules)] : null;

    public override string ToString() =>
        $"{Describe()} in {(ClusterWide ? "all namespaces" : string.Join(", ", Namespaces))} of {Cluster}";
}
