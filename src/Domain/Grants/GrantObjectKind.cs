namespace JitFunctions.Domain.Grants;

/// <summary>The kinds of objects that a grant has in its cluster, by the names that Kubernetes gives them.</summary>
public enum GrantObjectKind
{
    RoleBinding,
    ClusterRoleBinding,

    /// <summary>Made for a request with rules of its own.</summary>
    Role,

    /// <summary>To which the tokens of an ephemeral grant are bound.</summary>
    Secret,

    /// <summary>Whose tokens those are.</summary>
    ServiceAccount,
}
