using System.Collections.Concurrent;
using System.Net;
using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Text;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace JitFunctions.Functions.Clusters;

/// <summary>
/// Finds, lists, applies and deletes the objects of grants, whatever their kind. Every call may be repeated.
/// </summary>
internal static class ClusterObjects
{
    /// <summary>The most objects of a kind that are looked at in one go; the rest is left for the next.</summary>
    public const int MostListed = 5000;

    /// <summary>For one try of removing what a request has, in however many namespaces.</summary>
    public static readonly TimeSpan RemovalTimeLimit = TimeSpan.FromSeconds(30);

    public static readonly IReadOnlyList<GrantObjectKind> Kinds = Enum.GetValues<GrantObjectKind>();

    private const int RemovedAtOnce = 4;

    /// <summary>
    /// The metadata of those that the selector meets, a page at a time, until <see cref="MostListed"/> of them.
    /// </summary>
    /// <param name="found">Takes them; what it has is good, also when the rest cannot be read.</param>
    public static async Task ListAsync(
        this Cluster cluster,
        GrantObjectKind kind,
        string selector,
        ICollection<ListedObject> found,
        CancellationToken cancellation
    )
    {
        var most = found.Count + MostListed;
        await foreach (
            var page in cluster.Client.ReadPagesAsync(kind, cluster.CredentialNamespace, selector, cancellation)
        )
        {
            foreach (var one in page)
                found.Add(one);
            if (found.Count >= most)
                return;
        }
    }

    /// <returns>
    /// Null where it is gone, also with its whole namespace: without that we have no rights in it any more.
    /// </returns>
    public static async Task<ObservedObject?> FindAsync(
        this Cluster cluster,
        GrantObjectRef wanted,
        CancellationToken cancellation
    )
    {
        try
        {
            return ObjectManifest.Read(
                await ObjectCalls
                    .For(wanted.Kind)
                    .Read(cluster.Client, ObjectName.InAddress(wanted.Name), wanted.Namespace, cancellation)
            );
        }
        catch (HttpOperationException e) when (e.Response.StatusCode is HttpStatusCode.NotFound)
        {
            return null;
        }
        catch (HttpOperationException e)
            when (ClusterFailure.IsForbidden(e)
                && wanted.Kind is GrantObjectKind.Secret or GrantObjectKind.ServiceAccount
            )
        {
            if (await FoundAsync(() => ReadNamespaceAsync(cluster, wanted.Namespace!, cancellation)))
                throw;
            return null;
        }
    }

    /// <summary>Makes an object as the grant should have it (server-side apply).</summary>
    /// <param name="only">Given, only this very object is changed: when it is gone by now, the API server answers 409
    /// and makes none.</param>
    /// <exception cref="AlteredObjectException">Another object than the one applied is there now.</exception>
    public static async Task<ObservedObject> ApplyAsync(
        this Cluster cluster,
        Grant grant,
        DesiredObject desired,
        CancellationToken cancellation,
        ObservedObject? only = null
    )
    {
        // The role of a binding cannot be changed, so an object of this name for another role has to go first.
        if (
            desired.Content is ObjectContent.Binding binding
            && await cluster.FindAsync(desired.Ref, cancellation) is { Content: ObjectContent.Binding there } found
            && !there.HasRoleOf(binding)
        )
        {
            await cluster.DeleteAsync(found, cancellation);
            only = null;
        }

        var manifest = ObjectManifest.Write(grant, desired, only?.Uid);
        var answer = ObjectManifest.Read(
            await ObjectCalls
                .For(desired.Ref.Kind)
                .Patch(
                    cluster.Client,
                    new V1Patch(manifest, V1Patch.PatchType.ApplyPatch),
                    ObjectName.InAddress(desired.Ref.Name),
                    desired.Ref.Namespace,
                    cancellation
                )
        );
        return GrantPlan.DifferenceAfterApply(grant, desired, answer) is { } difference
            ? throw new AlteredObjectException(answer.Ref, difference)
            : answer;
    }

    /// <summary>Deletes what is there under this name, whoever made it.</summary>
    /// <exception cref="ObjectPersistsException" />
    public static async Task DeleteAsync(this Cluster cluster, GrantObjectRef named, CancellationToken cancellation)
    {
        if (await cluster.FindAsync(named, cancellation) is { } found)
            await cluster.DeleteAsync(found, cancellation);
    }

    /// <summary>Deletes this very object, not one that took its name since.</summary>
    /// <returns>False when it was gone already.</returns>
    /// <exception cref="ObjectPersistsException" />
    public static async Task<bool> DeleteAsync(
        this Cluster cluster,
        ObservedObject found,
        CancellationToken cancellation
    )
    {
        var calls = ObjectCalls.For(found.Ref.Kind);
        var (name, ns) = (ObjectName.InAddress(found.Ref.Name), found.Ref.Namespace);
        var only = new V1DeleteOptions { Preconditions = new V1Preconditions { Uid = found.Uid } };
        if (!await FoundAsync(() => calls.Delete(cluster.Client, only, name, ns, cancellation)))
            return false;

        // A finalizer would keep the object, and the API server goes by objects that are being deleted as by any
        // others. A role that is kept is there for others to bind, and for us to find again and again.
        if (await IsThereAsync())
        {
            await FoundAsync(() => calls.Patch(cluster.Client, WithoutFinalizers(found.Uid), name, ns, cancellation));
            if (await IsThereAsync())
                throw new ObjectPersistsException(found.Ref.Name);
        }

        return true;

        async Task<bool> IsThereAsync() => (await cluster.FindAsync(found.Ref, cancellation))?.Uid == found.Uid;
    }

    /// <summary>
    /// Deletes this very object. Where the answer is lost it looks whether the object is gone: it is in no later list
    /// then.
    /// </summary>
    /// <param name="cancellation">Not of a run that may end meanwhile: what is begun here has to be known.</param>
    /// <returns>False when it was gone already.</returns>
    public static async Task<bool> DeleteKnowinglyAsync(
        this Cluster cluster,
        ObservedObject found,
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
            if ((await cluster.FindAsync(found.Ref, cancellation))?.Uid == found.Uid)
                throw;
            return true;
        }
    }

    /// <summary>
    /// Removes whatever a request may have, in every namespace, even when some fail. Of a cluster that lets a question
    /// time out and has answered none before, it asks no more: it would not answer the others either.
    /// </summary>
    /// <exception cref="AggregateException">With the failure of each object that failed.</exception>
    public static async Task RemoveAllAsync(this Cluster cluster, AccessRequest request, CancellationToken cancellation)
    {
        var failures = new ConcurrentQueue<Exception>();
        var (hasAnswered, isSilent) = (false, false);

        // By name, not by what was recorded: an interrupted activation may have left an object that no event names. In
        // each namespace in the reverse of the order in which they are applied; the service account before all, as
        // nobody has any of the rights without it.
        await Parallel.ForEachAsync(
            request
                .ObjectsOnceAnnounced()
                .Reverse()
                .GroupBy(one => one.Namespace)
                .OrderByDescending(objects => objects.Any(one => one.Kind is GrantObjectKind.ServiceAccount)),
            new ParallelOptions { MaxDegreeOfParallelism = RemovedAtOnce, CancellationToken = cancellation },
            async (objects, stop) =>
            {
                foreach (var one in objects)
                    await TryAsync(one, stop);
            }
        );
        if (!failures.IsEmpty)
            throw new AggregateException(failures);

        async Task TryAsync(GrantObjectRef one, CancellationToken stop)
        {
            if (Volatile.Read(ref isSilent))
                return;
            try
            {
                var found = await cluster.FindAsync(one, stop);
                Volatile.Write(ref hasAnswered, true);
                if (found is not null)
                    await cluster.DeleteAsync(found, stop);
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

    /// <summary>What the request gives in this cluster.</summary>
    public static Grant GrantOf(this Cluster cluster, AccessRequest request, DateTimeOffset expiresAt) =>
        request.Grant(cluster.UserName(request.Requester.Username), cluster.CredentialNamespace, expiresAt);

    private static V1Patch WithoutFinalizers(string uid) =>
        new($$$"""{"metadata":{"uid":"{{{uid}}}","finalizers":null}}""", V1Patch.PatchType.MergePatch);

    private static Task ReadNamespaceAsync(Cluster cluster, string ns, CancellationToken cancellation) =>
        cluster.Client.CoreV1.ReadNamespaceAsync(ns, cancellationToken: cancellation);

    private static async Task<bool> FoundAsync(Func<Task> call)
    {
        try
        {
            await call();
            return true;
        }
        catch (HttpOperationException e) when (e.Response.StatusCode is HttpStatusCode.NotFound)
        {
            return ThrottlingHandler.MayHaveDeleted(e.Response);
        }
    }
}

/// <summary>An object that was deleted and is still there: it gives its rights until it is gone.</summary>
public sealed class ObjectPersistsException(string name)
    : Exception($"{ShortText.Name(name)} was deleted and is still there.");

/// <summary>
/// The API server keeps another object than the one that was applied: what admission in the cluster made of it.
/// </summary>
/// <param name="difference">What the object says: <c>it gives ClusterRole/edit for User/alice,
/// User/mallory</c>.</param>
public sealed class AlteredObjectException(GrantObjectRef one, string difference)
    : Exception(
        $"The {one.Kind} {one.Name}{(one.Namespace is null ? "" : $" in {one.Namespace}")} is not what was approved: "
            + $"{difference}. Admission in the cluster changes it."
    );
