namespace JitFunctions.Domain.Grants;

/// <summary>A RoleBinding, or without a namespace a ClusterRoleBinding, that this system made.</summary>
public sealed record BindingRef(string? Namespace, string Name, string Uid)
{
    /// <summary>Each request has its own object in each namespace, so that ending one grant never touches another.</summary>
    public static string NameFor(string requestId) => $"jit-{requestId}";
}
