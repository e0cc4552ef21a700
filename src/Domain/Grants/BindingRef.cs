using JitFunctions.Domain.Identity;

namespace JitFunctions.Domain.Grants;

/// <summary>A RoleBinding, or without a namespace a ClusterRoleBinding, that this app created.</summary>
public sealed record BindingRef(string? Namespace, string Name, string Uid)
{
    private const string Prefix = "jit-";

    /// <summary>
    /// Each request has its own object in each namespace, so that ending one grant never affects another.
    /// </summary>
    public static string NameFor(string requestId) => $"{Prefix}{requestId}";

    public static GrantObjectKind KindIn(string? ns) =>
        ns is null ? GrantObjectKind.ClusterRoleBinding : GrantObjectKind.RoleBinding;

    /// <returns>The id of the request to which an object with this name belongs; null if the name does not have this
    /// form.</returns>
    public static string? RequestIdIn(string name) =>
        name.StartsWith(Prefix, StringComparison.Ordinal) && RequestId.IsValid(name[Prefix.Length..])
            ? name[Prefix.Length..]
            : null;
}
