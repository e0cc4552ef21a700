using JitFunctions.Domain.Scopes;

namespace JitFunctions.Domain.Grants;

/// <summary>One object that a grant has in its cluster.</summary>
/// <param name="Namespace">Null for an object of the whole cluster.</param>
public sealed record GrantObjectRef(GrantObjectKind Kind, string? Namespace, string Name);

/// <summary>All objects of which a grant consists.</summary>
public static class GrantObjects
{
    /// <param name="account">Null where the requester's own account is bound.</param>
    public static IReadOnlyList<GrantObjectRef> Of(string request, Scope scope, ServiceAccountRef? account)
    {
        var name = BindingRef.NameFor(request);
        List<GrantObjectRef> objects = [];
        if (account is not null)
        {
            objects.Add(new(GrantObjectKind.Secret, account.Namespace, account.Name));
            objects.Add(new(GrantObjectKind.ServiceAccount, account.Namespace, account.Name));
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
