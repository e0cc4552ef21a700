using JitFunctions.Domain.Scopes;

namespace JitFunctions.Domain.Grants;

/// <summary>One object that a grant has in its cluster.</summary>
/// <param name="Namespace">Null for an object of the whole cluster.</param>
public sealed record GrantObjectRef(GrantObjectKind Kind, string? Namespace, string Name);

/// <summary>The one place that lists of what objects a grant consists.</summary>
public static class GrantObjects
{
    /// <returns>In the order in which they are applied: what others refer to comes first.</returns>
    /// <param name="account">Null where the requester's own account is bound.</param>
    public static IReadOnlyList<GrantObjectRef> Of(string request, Scope scope, ServiceAccountRef? account)
    {
        var name = BindingRef.NameFor(request);
        List<GrantObjectRef> objects = [];
        if (account is not null)
        {
            objects.Add(account.Secret());
            objects.Add(account.Account());
        }

        if (scope.ClusterWide)
            return [.. objects, new(GrantObjectKind.ClusterRoleBinding, null, name)];
        if (scope.Rules is not null)
            objects.AddRange(scope.Namespaces.Select(ns => new GrantObjectRef(GrantObjectKind.Role, ns, name)));
        return
        [
            .. objects,
            .. scope.Namespaces.Select(ns => new GrantObjectRef(GrantObjectKind.RoleBinding, ns, name)),
        ];
    }
}
