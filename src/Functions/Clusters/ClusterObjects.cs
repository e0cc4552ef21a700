using System.Collections.Concurrent;
using System.Net;
using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Text;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace JitFunctions.Functions.Clusters;

/// <summary>Finds, lists, applies and deletes grant objects of every kind. Every call may be repeated.</summary>
internal static class ClusterObjects
{
    /// <summary>The most objects of a kind that one run reads; the next run reads the rest.</summary>
    public const int MostListed = 5000;

    /// <summary>The time limit for one try to remove all objects of a request, in any number of namespaces.</summary>
    public static readonly TimeSpan RemovalTimeLimit = TimeSpan.FromSeconds(30);

    public static readonly IReadOnlyList<GrantObjectKind> Kinds = Enum.GetValues<GrantObjectKind>();

    private const int RemovedAtOnce = 4;

    /// <summary>
    /// The metadata of the objects that the selector matches, page by page, up to <see cref="MostListed"/> objects.
    /// </summary>
    /// <param name="found">Receives the objects; they are valid even when the rest cannot be read.</param>
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
    /// Null where the object is gone, also when its whole namespace is gone: then the app has no rights in it any more.
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

    /// <summary>Applies an object as the grant should have it (server-side apply).</summary>
    /// <param name="only">
    /// If given, only the object with this uid is changed: when it is gone by now, the API server answers 409 and
    /// creates nothing.
    /// </param>
    /// <exception cref="AlteredObjectException">The object that is there now differs from the one applied.</exception>
    public static async Task<ObservedObject> ApplyAsync(
        this Cluster cluster,
        Grant grant,
        DesiredObject desired,
        CancellationToken cancellation,
        ObservedObject? only = null
    )
    {
        // The role of a binding cannot be changed, so a binding of this name for another role has to be deleted first.
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

    /// <summary>Deletes the object with this name, whoever created it.</summary>
    /// <exception cref="ObjectPersistsException" />
    public static async Task DeleteAsync(this Cluster cluster, GrantObjectRef named, CancellationToken cancellation)
    {
        if (await cluster.FindAsync(named, cancellation) is { } found)
            await cluster.DeleteAsync(found, cancellation);
    }

    /// <summary>Deletes the object with this uid, not a later one with the same name.</summary>
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

        // A finalizer would keep the object, and the API server honours objects that are being deleted like any others.
        // A role that stays can still be bound by others, and each run would find it again.
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
    /// Deletes the object with this uid. When the answer is lost, it checks whether the object is gone, because no
    /// later list would contain it.
    /// </summary>
    /// <param name="cancellation">
    /// Must not belong to a run that may end meanwhile: the result of a deletion that was started has to be known.
    /// </param>
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
    /// Removes every object that a request may have, in every namespace, even when some removals fail. If the cluster
    /// lets a call time out and has answered none before, the remaining calls are skipped: they would not be answered
    /// either.
    /// </summary>
    /// <exception cref="AggregateException">Contains the failure of each object that failed.</exception>
    public static async Task RemoveAllAsync(this Cluster cluster, AccessRequest request, CancellationToken cancellation)
    {
        var failures = new ConcurrentQueue<Exception>();
        var (hasAnswered, isSilent) = (false, false);

        // By name, not by what was recorded: an interrupted activation may have left an object that no event names. In
        // each namespace the order is the reverse of the order in which they are applied; the service account comes
        // first, because nobody has any of the rights without it.
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

    /// <summary>The grant objects of the request in this cluster.</summary>
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

/// <summary>An object that was deleted and still exists: it gives its rights until it is gone.</summary>
public sealed class ObjectPersistsException(string name)
    : Exception($"{ShortText.Name(name)} was deleted and is still there.");

/// <summary>
/// The API server stores another object than the one that was applied, because admission in the cluster changed it.
/// </summary>
/// <param name="difference">
/// What the object gives: <c>it gives ClusterRole/edit for User/alice, User/mallory</c>.
/// </param>
public sealed class AlteredObjectException(GrantObjectRef one, string difference)
    : Exception(
        $"The {one.Kind} {one.Name}{(one.Namespace is null ? "" : $" in {one.Namespace}")} is not what was approved: "
            + $"{difference}. Admission in the cluster changes it."
    );
