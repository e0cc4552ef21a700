using JitFunctions.Domain.Identity;

namespace JitFunctions.Domain.Grants;

/// <summary>A RoleBinding, or without a namespace a ClusterRoleBinding, that this system made.</summary>
public sealed record BindingRef(string? Namespace, string Name, string Uid)
{
    private const string Prefix = "jit-";

    /// <summary>
    /// Each request has its own object in each namespace, so that ending one grant never touches another.
    /// </summary>
    public static string NameFor(string requestId) => $"{Prefix}{requestId}";

    public static GrantObjectKind KindIn(string? ns) =>
        ns is null ? GrantObjectKind.ClusterRoleBinding : GrantObjectKind.RoleBinding;

    /// <returns>The request that an object of this name belongs to; null when the name is not one of ours.</returns>
    public static string? RequestIdIn(string name) =>
        name.StartsWith(Prefix, StringComparison.Ordinal) && RequestId.IsValid(name[Prefix.Length..])
            ? name[Prefix.Length..]
            : null;
}
