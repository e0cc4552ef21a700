using System.Net;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Text;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace JitFunctions.Functions.Clusters;

/// <summary>An object that was deleted and is still there: it gives its rights until it is gone.</summary>
public sealed class ObjectPersistsException(string name) : Exception($"{ShortText.Name(name)} was deleted and is still there.");

/// <summary>Takes what grants consist of out of a cluster so that it is really gone.</summary>
internal static class BindingRemoval
{
    /// <summary>Removes whatever a request may have, everywhere, even when some places fail.</summary>
    /// <exception cref="AggregateException">With the failure of each place that failed.</exception>
    public static async Task RemoveAllAsync(this Cluster cluster, AccessRequest request, CancellationToken cancellation)
    {
        List<Exception> failures = [];
        if (request.ServiceAccount is { } account)
        {
            foreach (var kind in GrantCredentials.Kinds)
                await TryAsync(() => cluster.DeleteCredentialAsync(kind, account, cancellation));
        }

        foreach (var place in ClusterBindings.Places(request.Terms.Scope))
        {
            // By name, not by what was recorded: an interrupted activation may have left a binding that no event names.
            await TryAsync(() => cluster.DeleteBindingAsync(request.Id, place, cancellation));
            if (request.Terms.Scope.Rules is not null && place is not null)
                await TryAsync(() => cluster.DeleteRoleAsync(request.Id, place, cancellation));
        }

        if (failures is [_, ..])
            throw new AggregateException(failures);

        async Task TryAsync(Func<Task> remove)
        {
            try
            {
                await remove();
            }
            catch (Exception e) when (!cancellation.IsCancellationRequested)
            {
                failures.Add(e);
            }
        }
    }

    /// <summary>Deletes this very object, not one that took its name since.</summary>
    /// <returns>False when it was gone already.</returns>
    /// <exception cref="ObjectPersistsException" />
    public static Task<bool> DeleteAsync(this Cluster cluster, BindingObject binding, CancellationToken cancellation) => DeleteForGoodAsync(
        binding.Name,
        delete: () => cluster.SendDeleteAsync(binding, cancellation),
        dropFinalizers: () => cluster.DropFinalizersAsync(binding, cancellation),
        isThere: () => cluster.IsThereAsync(binding, cancellation));

    /// <returns>False when it was gone already.</returns>
    /// <exception cref="ObjectPersistsException" />
    internal static async Task<bool> DeleteForGoodAsync(string name, Func<Task> delete, Func<Task> dropFinalizers, Func<Task<bool>> isThere)
    {
        if (!await FoundAsync(delete))
            return false;

        // A finalizer would keep the object, and the API server goes by objects that are being deleted as by any others. A role that
        // is kept is there for others to bind, and for us to find again and again.
        if (await isThere())
        {
            await FoundAsync(dropFinalizers);
            if (await isThere())
                throw new ObjectPersistsException(name);
        }

        return true;
    }

    internal static V1Patch NoFinalizers(string uid) => new($$$"""{"metadata":{"uid":"{{{uid}}}","finalizers":null}}""", V1Patch.PatchType.MergePatch);

    private static Task SendDeleteAsync(this Cluster cluster, BindingObject binding, CancellationToken cancellation)
    {
        var rbac = cluster.Client.RbacAuthorizationV1;
        var only = new V1DeleteOptions { Preconditions = new V1Preconditions { Uid = binding.Uid } };
        return binding.Namespace is { } ns
            ? rbac.DeleteNamespacedRoleBindingAsync(ObjectName.InAddress(binding.Name), ns, only, cancellationToken: cancellation)
            : rbac.DeleteClusterRoleBindingAsync(ObjectName.InAddress(binding.Name), only, cancellationToken: cancellation);
    }

    private static Task DropFinalizersAsync(this Cluster cluster, BindingObject binding, CancellationToken cancellation)
    {
        var rbac = cluster.Client.RbacAuthorizationV1;
        var patch = NoFinalizers(binding.Uid);
        return binding.Namespace is { } ns
            ? rbac.PatchNamespacedRoleBindingAsync(patch, ObjectName.InAddress(binding.Name), ns, cancellationToken: cancellation)
            : rbac.PatchClusterRoleBindingAsync(patch, ObjectName.InAddress(binding.Name), cancellationToken: cancellation);
    }

    private static async Task<bool> IsThereAsync(this Cluster cluster, BindingObject binding, CancellationToken cancellation) =>
        await cluster.FindByNameAsync(binding.Name, binding.Namespace, cancellation) is { } found && found.Uid == binding.Uid;

    internal static async Task<bool> FoundAsync(Func<Task> call)
    {
        try
        {
            await call();
            return true;
        }
        catch (HttpOperationException e) when (e.Response.StatusCode is HttpStatusCode.NotFound)
        {
            return false;
        }
    }
}
