using System.Net;
using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Requests;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace JitFunctions.Functions.Clusters;

/// <summary>Puts the bindings of grants into a cluster, finds them and takes them away. Every call may be repeated.</summary>
internal static class ClusterBindings
{
    /// <summary>Where a request has bindings: its namespaces, or null for the cluster as a whole.</summary>
    public static IEnumerable<string?> Places(Scope scope) => scope.ClusterWide ? (IEnumerable<string?>)[null] : scope.Namespaces;

    /// <exception cref="HttpOperationException">404 when the role is not there.</exception>
    public static async Task EnsureRoleExistsAsync(this Cluster cluster, Scope scope, CancellationToken cancellation)
    {
        if (scope.Role.Kind is RoleKind.ClusterRole)
        {
            await cluster.Client.RbacAuthorizationV1.ReadClusterRoleAsync(scope.Role.Name, cancellationToken: cancellation);
            return;
        }

        foreach (var ns in scope.Namespaces)
            await cluster.Client.RbacAuthorizationV1.ReadNamespacedRoleAsync(scope.Role.Name, ns, cancellationToken: cancellation);
    }

    public static async Task<BindingRef> ApplyAsync(
        this Cluster cluster, AccessRequest request, string? ns, DateTimeOffset expiresAt, CancellationToken cancellation)
    {
        var rbac = cluster.Client.RbacAuthorizationV1;
        var username = cluster.UserName(request.Requester.Username);
        var name = BindingRef.NameFor(request.Id);

        // A role reference cannot be changed, so an object of this name for another role has to go first.
        if (await cluster.FindAsync(request.Id, ns, cancellation) is { } found && !found.HasRole(GrantBinding.Role(request)))
            await cluster.DeleteAsync(found, cancellation);

        if (ns is null)
        {
            var patch = new V1Patch(GrantBinding.ClusterWide(request, username, expiresAt), V1Patch.PatchType.ApplyPatch);
            var applied = await rbac.PatchClusterRoleBindingAsync(patch, name, fieldManager: GrantBinding.FieldManager, force: true, cancellationToken: cancellation);
            return new(null, name, applied.Uid());
        }
        else
        {
            var patch = new V1Patch(GrantBinding.Namespaced(request, username, ns, expiresAt), V1Patch.PatchType.ApplyPatch);
            var applied = await rbac.PatchNamespacedRoleBindingAsync(patch, name, ns, fieldManager: GrantBinding.FieldManager, force: true, cancellationToken: cancellation);
            return new(ns, name, applied.Uid());
        }
    }

    public static async Task<BindingObject?> FindAsync(this Cluster cluster, string requestId, string? ns, CancellationToken cancellation)
    {
        var (rbac, name) = (cluster.Client.RbacAuthorizationV1, BindingRef.NameFor(requestId));
        try
        {
            return ns is null
                ? BindingObject.From(await rbac.ReadClusterRoleBindingAsync(name, cancellationToken: cancellation))
                : BindingObject.From(await rbac.ReadNamespacedRoleBindingAsync(name, ns, cancellationToken: cancellation));
        }
        catch (HttpOperationException e) when (e.Response.StatusCode is HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>Everything in the cluster that carries our label.</summary>
    public static async Task<IReadOnlyList<BindingObject>> ListOursAsync(this Cluster cluster, CancellationToken cancellation)
    {
        var rbac = cluster.Client.RbacAuthorizationV1;
        var namespaced = await rbac.ListRoleBindingForAllNamespacesAsync(labelSelector: GrantBinding.Selector, cancellationToken: cancellation);
        var clusterWide = await rbac.ListClusterRoleBindingAsync(labelSelector: GrantBinding.Selector, cancellationToken: cancellation);
        return [.. namespaced.Items.Select(BindingObject.From), .. clusterWide.Items.Select(BindingObject.From)];
    }

    /// <summary>Deletes this very object, not one that took its name since.</summary>
    /// <returns>False when it was gone already.</returns>
    public static async Task<bool> DeleteAsync(this Cluster cluster, BindingObject binding, CancellationToken cancellation)
    {
        var rbac = cluster.Client.RbacAuthorizationV1;
        var only = new V1DeleteOptions { Preconditions = new V1Preconditions { Uid = binding.Uid } };
        try
        {
            if (binding.Namespace is { } ns)
                await rbac.DeleteNamespacedRoleBindingAsync(binding.Name, ns, only, cancellationToken: cancellation);
            else
                await rbac.DeleteClusterRoleBindingAsync(binding.Name, only, cancellationToken: cancellation);
            return true;
        }
        catch (HttpOperationException e) when (e.Response.StatusCode is HttpStatusCode.NotFound)
        {
            return false;
        }
    }
}
