namespace JitFunctions.Domain.Grants;

/// <summary>The kinds of grant objects, with their Kubernetes names.</summary>
public enum GrantObjectKind
{
    RoleBinding,
    ClusterRoleBinding,

    /// <summary>Created for an ad-hoc request.</summary>
    Role,

    /// <summary>The tokens of an ephemeral grant are bound to this Secret.</summary>
    Secret,

    /// <summary>The service account of an ephemeral grant.</summary>
    ServiceAccount,
}
