using JitFunctions.Domain.Scopes;

namespace JitFunctions.Domain.Grants;

/// <summary>A reference to one object of a grant in the cluster.</summary>
/// <param name="Namespace">Null for a cluster-scoped object.</param>
public sealed record GrantObjectRef(GrantObjectKind Kind, string? Namespace, string Name);

/// <summary>Lists all objects of a grant. No other code does this.</summary>
public static class GrantObjects
{
    /// <returns>The objects in the order in which they are applied: an object comes after those that it refers
    /// to.</returns>
    /// <param name="account">Null if the requester's own user name is bound.</param>
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
