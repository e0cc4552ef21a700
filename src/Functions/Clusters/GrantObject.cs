using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Requests;
using k8s;
using k8s.Models;

namespace JitFunctions.Functions.Clusters;

/// <summary>An object of a grant as it was found in a cluster, whatever its kind.</summary>
public interface IGrantObject
{
    GrantObjectKind ObjectKind { get; }

    V1ObjectMeta Metadata { get; }

    /// <summary>What it gives, for people.</summary>
    string Describe();

    /// <summary>As the removal of an object is recorded that belongs to no request.</summary>
    RemovedObject AsRemoved();
}

/// <summary>The objects of grants in a cluster, whatever their kind. Every call may be repeated.</summary>
internal static class ClusterObjects
{
    /// <summary>The most objects of a kind that are looked at in one go; the rest is left for the next.</summary>
    public const int MostListed = 5000;

    private const int PageSize = 500;

    public static readonly IReadOnlyList<GrantObjectKind> Kinds = Enum.GetValues<GrantObjectKind>();

    public static GrantObjectRef Ref(this IGrantObject found) => new(found.ObjectKind, found.Metadata.NamespaceProperty, found.Metadata.Name);

    /// <summary>Those that the selector meets, at most <see cref="MostListed"/>; none of the kinds that the cluster is not set up for.</summary>
    public static async Task<IReadOnlyList<IGrantObject>> ListAsync(
        this Cluster cluster, GrantObjectKind kind, string selector, CancellationToken cancellation)
    {
        List<IGrantObject> all = [];
        string? next = null;
        do
        {
            var (page, following) = await cluster.ListPageAsync(kind, selector, next, cancellation);
            all.AddRange(page);
            next = following;
        }
        while (!string.IsNullOrEmpty(next) && all.Count < MostListed);
        return all;
    }

    public static async Task<IGrantObject?> FindAsync(this Cluster cluster, GrantObjectRef wanted, CancellationToken cancellation) => wanted.Kind switch
    {
        GrantObjectKind.RoleBinding or GrantObjectKind.ClusterRoleBinding => await cluster.FindByNameAsync(wanted.Name, wanted.Namespace, cancellation),
        GrantObjectKind.Role => await cluster.FindRoleAsync(wanted.Name, wanted.Namespace!, cancellation),
        _ => await cluster.FindCredentialAsync(CredentialKindOf(wanted.Kind), new(wanted.Namespace!, wanted.Name), cancellation),
    };

    /// <summary>Deletes this very object, not one that took its name since.</summary>
    /// <returns>False when it was gone already.</returns>
    /// <exception cref="ObjectPersistsException" />
    public static Task<bool> DeleteAsync(this Cluster cluster, IGrantObject found, CancellationToken cancellation) => found switch
    {
        BindingObject binding => cluster.DeleteAsync(binding, cancellation),
        RoleObject role => cluster.DeleteAsync(role, cancellation),
        CredentialObject credential => cluster.DeleteAsync(credential, cancellation),
        _ => throw new ArgumentOutOfRangeException(nameof(found)),
    };

    /// <summary>Makes this very object what was approved: when it is gone by now, the API server answers 409 and makes none.</summary>
    public static Task RestoreAsync(
        this Cluster cluster, IGrantObject found, AccessRequest request, DateTimeOffset expiresAt, CancellationToken cancellation)
    {
        return found switch
        {
            BindingObject binding => cluster.ApplyAsync(request, binding.Namespace, expiresAt, cancellation, only: binding),
            RoleObject role => cluster.ApplyRoleAsync(request, role.Namespace, expiresAt, cancellation, only: role),
            CredentialObject credential => cluster.ApplyCredentialAsync(credential.Kind, request, expiresAt, only: credential, cancellation),
            _ => throw new ArgumentOutOfRangeException(nameof(found)),
        };
    }

    private static async Task<(IEnumerable<IGrantObject> Objects, string? Next)> ListPageAsync(
        this Cluster cluster, GrantObjectKind kind, string selector, string? after, CancellationToken cancellation)
    {
        var rbac = cluster.Client.RbacAuthorizationV1;
        switch (kind)
        {
            case GrantObjectKind.RoleBinding:
                var bindings = await rbac.ListRoleBindingForAllNamespacesAsync(
                    labelSelector: selector, limit: PageSize, continueParameter: after, cancellationToken: cancellation);
                return (bindings.Items.Select(BindingObject.From), bindings.Metadata.ContinueProperty);
            case GrantObjectKind.ClusterRoleBinding:
                var clusterWide = await rbac.ListClusterRoleBindingAsync(
                    labelSelector: selector, limit: PageSize, continueParameter: after, cancellationToken: cancellation);
                return (clusterWide.Items.Select(BindingObject.From), clusterWide.Metadata.ContinueProperty);
            case GrantObjectKind.Role:
                var roles = await rbac.ListRoleForAllNamespacesAsync(
                    labelSelector: selector, limit: PageSize, continueParameter: after, cancellationToken: cancellation);
                return (roles.Items.Select(RoleObject.From), roles.Metadata.ContinueProperty);
            default:
                return await cluster.ListCredentialPageAsync(CredentialKindOf(kind), selector, PageSize, after, cancellation);
        }
    }

    private static CredentialKind CredentialKindOf(GrantObjectKind kind) => kind switch
    {
        GrantObjectKind.Secret => CredentialKind.Secret,
        GrantObjectKind.ServiceAccount => CredentialKind.ServiceAccount,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
