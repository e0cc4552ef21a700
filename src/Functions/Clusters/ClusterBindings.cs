using System.Net;
using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Scopes;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace JitFunctions.Functions.Clusters;

/// <summary>
/// Puts the bindings of grants into a cluster, finds them and takes them away. Every call may be repeated.
/// </summary>
internal static class ClusterBindings
{
    /// <summary>Where a request has bindings: its namespaces, or null for the cluster as a whole.</summary>
    public static IEnumerable<string?> Places(Scope scope) =>
        scope.ClusterWide ? (IEnumerable<string?>)[null] : scope.Namespaces;

    /// <remarks>For a request that names a role.</remarks>
    /// <exception cref="HttpOperationException">404 when the role is not there.</exception>
    public static async Task EnsureRoleExistsAsync(this Cluster cluster, Scope scope, CancellationToken cancellation)
    {
        if (scope.Role!.Kind is RoleKind.ClusterRole)
        {
            await cluster.Client.RbacAuthorizationV1.ReadClusterRoleAsync(
                ObjectName.InAddress(scope.Role.Name),
                cancellationToken: cancellation
            );
            return;
        }

        foreach (var ns in scope.Namespaces)
            await cluster.Client.RbacAuthorizationV1.ReadNamespacedRoleAsync(
                ObjectName.InAddress(scope.Role.Name),
                ns,
                cancellationToken: cancellation
            );
    }

    /// <param name="only">Given, only this very object is changed: when it is gone by now, the API server answers 409
    /// and makes none.</param>
    /// <exception cref="AlteredObjectException">Another binding than this one is there now.</exception>
    public static async Task<BindingRef> ApplyAsync(
        this Cluster cluster,
        AccessRequest request,
        string? ns,
        DateTimeOffset expiresAt,
        CancellationToken cancellation,
        BindingObject? only = null
    )
    {
        var rbac = cluster.Client.RbacAuthorizationV1;
        var subject = cluster.SubjectOf(request);
        var name = BindingRef.NameFor(request.Id);

        // A role reference cannot be changed, so an object of this name for another role has to go first.
        if (
            await cluster.FindAsync(request.Id, ns, cancellation) is { } found
            && !found.HasRole(GrantBinding.Role(request))
        )
        {
            await cluster.DeleteAsync(found, cancellation);
            only = null;
        }

        if (ns is null)
        {
            var binding = GrantBinding.ClusterWide(request, subject, expiresAt);
            binding.Metadata.Uid = only?.Uid;
            var patch = new V1Patch(binding, V1Patch.PatchType.ApplyPatch);
            var applied = await rbac.PatchClusterRoleBindingAsync(
                patch,
                name,
                fieldManager: GrantBinding.FieldManager,
                force: true,
                cancellationToken: cancellation
            );
            return new(null, name, cluster.Check(BindingObject.From(applied), request, expiresAt).Uid);
        }
        else
        {
            var binding = GrantBinding.Namespaced(request, subject, ns, expiresAt);
            binding.Metadata.Uid = only?.Uid;
            var patch = new V1Patch(binding, V1Patch.PatchType.ApplyPatch);
            var applied = await rbac.PatchNamespacedRoleBindingAsync(
                patch,
                name,
                ns,
                fieldManager: GrantBinding.FieldManager,
                force: true,
                cancellationToken: cancellation
            );
            return new(ns, name, cluster.Check(BindingObject.From(applied), request, expiresAt).Uid);
        }
    }

    /// <summary>Deletes what is there under the name of the grant's binding, whoever made it.</summary>
    /// <exception cref="ObjectPersistsException" />
    public static async Task DeleteBindingAsync(
        this Cluster cluster,
        string requestId,
        string? ns,
        CancellationToken cancellation
    )
    {
        if (await cluster.FindAsync(requestId, ns, cancellation) is { } binding)
            await cluster.DeleteAsync(binding, cancellation);
    }

    public static Task<BindingObject?> FindAsync(
        this Cluster cluster,
        string requestId,
        string? ns,
        CancellationToken cancellation
    ) => cluster.FindByNameAsync(BindingRef.NameFor(requestId), ns, cancellation);

    public static async Task<BindingObject?> FindByNameAsync(
        this Cluster cluster,
        string name,
        string? ns,
        CancellationToken cancellation
    )
    {
        var rbac = cluster.Client.RbacAuthorizationV1;
        try
        {
            return ns is null
                ? BindingObject.From(
                    await rbac.ReadClusterRoleBindingAsync(ObjectName.InAddress(name), cancellationToken: cancellation)
                )
                : BindingObject.From(
                    await rbac.ReadNamespacedRoleBindingAsync(
                        ObjectName.InAddress(name),
                        ns,
                        cancellationToken: cancellation
                    )
                );
        }
        catch (HttpOperationException e) when (e.Response.StatusCode is HttpStatusCode.NotFound)
        {
            return null;
        }
    }
}
