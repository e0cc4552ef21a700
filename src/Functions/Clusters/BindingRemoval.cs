using System.Collections.Concurrent;
using System.Net;
using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Text;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace JitFunctions.Functions.Clusters;

/// <summary>An object that was deleted and is still there: it gives its rights until it is gone.</summary>
public sealed class ObjectPersistsException(string name)
    : Exception($"{ShortText.Name(name)} was deleted and is still there.");

/// <summary>Takes what grants consist of out of a cluster so that it is really gone.</summary>
internal static class BindingRemoval
{
    /// <summary>For one try of removing what a request has, however many places it has it in.</summary>
    public static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(30);

    private const int AtOnce = 4;

    /// <summary>
    /// Removes whatever a request may have, everywhere, even when some places fail. Of a cluster that lets a question
    /// time out and has answered none before, it asks no more: its other places would not answer either.
    /// </summary>
    /// <exception cref="AggregateException">With the failure of each place that failed.</exception>
    public static async Task RemoveAllAsync(this Cluster cluster, AccessRequest request, CancellationToken cancellation)
    {
        var failures = new ConcurrentQueue<Exception>();
        var (hasAnswered, isSilent) = (false, false);
        await Parallel.ForEachAsync(
            Parts(),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation },
            async (part, stop) => await part(stop)
        );
        if (!failures.IsEmpty)
            throw new AggregateException(failures);

        // By name, not by what was recorded: an interrupted activation may have left a binding that no event names.
        IEnumerable<Func<CancellationToken, Task>> Parts()
        {
            if (request.ServiceAccount is { } account)
                yield return stop => RemoveCredentialAsync(account, stop);
            foreach (var place in ClusterBindings.Places(request.Terms.Scope))
                yield return stop => RemoveBindingAsync(place, stop);
        }

        async Task RemoveCredentialAsync(ServiceAccountRef account, CancellationToken stop)
        {
            foreach (var kind in GrantCredentials.Kinds)
                await TryAsync(
                    () => cluster.FindCredentialAsync(kind, account, stop),
                    found => cluster.DeleteAsync(found, stop),
                    stop
                );
        }

        async Task RemoveBindingAsync(string? place, CancellationToken stop)
        {
            await TryAsync(
                () => cluster.FindAsync(request.Id, place, stop),
                found => cluster.DeleteAsync(found, stop),
                stop
            );
            if (request.Terms.Scope.Rules is not null && place is not null)
            {
                var name = BindingRef.NameFor(request.Id);
                await TryAsync(
                    () => cluster.FindRoleAsync(name, place, stop),
                    found => cluster.DeleteAsync(found, stop),
                    stop
                );
            }
        }

        async Task TryAsync<T>(Func<Task<T?>> find, Func<T, Task> delete, CancellationToken stop)
            where T : class
        {
            if (Volatile.Read(ref isSilent))
                return;
            try
            {
                var found = await find();
                Volatile.Write(ref hasAnswered, true);
                if (found is not null)
                    await delete(found);
            }
            catch (Exception e) when (!stop.IsCancellationRequested)
            {
                failures.Enqueue(e);
                if (!ClusterFailure.IsTimeout(e))
                    Volatile.Write(ref hasAnswered, true);
                else if (!Volatile.Read(ref hasAnswered))
                    Volatile.Write(ref isSilent, true);
            }
        }
    }

    /// <summary>Deletes this very object, not one that took its name since.</summary>
    /// <returns>False when it was gone already.</returns>
    /// <exception cref="ObjectPersistsException" />
    public static Task<bool> DeleteAsync(this Cluster cluster, BindingObject binding, CancellationToken cancellation) =>
        DeleteForGoodAsync(
            binding.Name,
            delete: () => cluster.SendDeleteAsync(binding, cancellation),
            dropFinalizers: () => cluster.DropFinalizersAsync(binding, cancellation),
            isThere: () => cluster.IsThereAsync(binding, cancellation)
        );

    /// <summary>
    /// Deletes this very object. Where the answer is lost it looks whether the object is gone: it is in no later list
    /// then.
    /// </summary>
    /// <param name="cancellation">Not of a run that may end meanwhile: what is begun here has to be known.</param>
    /// <returns>False when it was gone already.</returns>
    public static async Task<bool> DeleteKnowinglyAsync(
        this Cluster cluster,
        IGrantObject found,
        CancellationToken cancellation
    )
    {
        using var limit = new CancellationTokenSource(ClusterClient.CallTimeout, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            return await cluster.DeleteAsync(found, either.Token);
        }
        catch (Exception) when (!cancellation.IsCancellationRequested)
        {
            var wanted = new GrantObjectRef(found.ObjectKind, found.Metadata.NamespaceProperty, found.Metadata.Name);
            if ((await cluster.FindAsync(wanted, cancellation))?.Metadata.Uid == found.Metadata.Uid)
                throw;
            return true;
        }
    }

    /// <returns>False when it was gone already.</returns>
    /// <exception cref="ObjectPersistsException" />
    internal static async Task<bool> DeleteForGoodAsync(
        string name,
        Func<Task> delete,
        Func<Task> dropFinalizers,
        Func<Task<bool>> isThere
    )
    {
        if (!await FoundAsync(delete))
            return false;

        // A finalizer would keep the object, and the API server goes by objects that are being deleted as by any
        // others. A role that is kept is there for others to bind, and for us to find again and again.
        if (await isThere())
        {
            await FoundAsync(dropFinalizers);
            if (await isThere())
                throw new ObjectPersistsException(name);
        }

        return true;
    }

    internal static V1Patch NoFinalizers(string uid) =>
        new($$$"""{"metadata":{"uid":"{{{uid}}}","finalizers":null}}""", V1Patch.PatchType.MergePatch);

    private static Task SendDeleteAsync(this Cluster cluster, BindingObject binding, CancellationToken cancellation)
    {
        var rbac = cluster.Client.RbacAuthorizationV1;
        var only = new V1DeleteOptions { Preconditions = new V1Preconditions { Uid = binding.Uid } };
        return binding.Namespace is { } ns
            ? rbac.DeleteNamespacedRoleBindingAsync(
                ObjectName.InAddress(binding.Name),
                ns,
                only,
                cancellationToken: cancellation
            )
            : rbac.DeleteClusterRoleBindingAsync(
                ObjectName.InAddress(binding.Name),
                only,
                cancellationToken: cancellation
            );
    }

    private static Task DropFinalizersAsync(this Cluster cluster, BindingObject binding, CancellationToken cancellation)
    {
        var rbac = cluster.Client.RbacAuthorizationV1;
        var patch = NoFinalizers(binding.Uid);
        return binding.Namespace is { } ns
            ? rbac.PatchNamespacedRoleBindingAsync(
                patch,
                ObjectName.InAddress(binding.Name),
                ns,
                cancellationToken: cancellation
            )
            : rbac.PatchClusterRoleBindingAsync(
                patch,
                ObjectName.InAddress(binding.Name),
                cancellationToken: cancellation
            );
    }

    private static async Task<bool> IsThereAsync(
        this Cluster cluster,
        BindingObject binding,
        CancellationToken cancellation
    ) =>
        await cluster.FindByNameAsync(binding.Name, binding.Namespace, cancellation) is { } found
        && found.Uid == binding.Uid;

    internal static async Task<bool> FoundAsync(Func<Task> call)
    {
        try
        {
            await call();
            return true;
        }
        catch (HttpOperationException e) when (e.Response.StatusCode is HttpStatusCode.NotFound)
        {
            return BusyServers.MayHaveDeleted(e.Response);
        }
    }
}
