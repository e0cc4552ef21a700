using System.Net;
using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Text;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace JitFunctions.Functions.Clusters;

/// <param name="Flaw">What is not as it was made, its metadata apart; null when nothing is.</param>
public sealed record CredentialObject(GrantObjectKind ObjectKind, V1ObjectMeta Metadata, string? Flaw) : IGrantObject
{
    private const string Opaque = "Opaque";

    public string Name => Metadata.Name;

    public string Namespace => Metadata.NamespaceProperty;

    public string Describe() => $"the {ObjectKind}";

    public RemovedObject AsRemoved() => new(Name, $"{ObjectKind}/{Name}", []);

    // A Secret of another type may be filled by the control plane, such as with a token that has no end.
    public static CredentialObject From(V1Secret x) =>
        new(
            GrantObjectKind.Secret,
            x.Metadata,
            x.Type != Opaque ? $"its type is {ShortText.Name(x.Type)}"
                : x.Data is { Count: > 0 } ? "it holds data"
                : null
        );

    public static CredentialObject From(V1ServiceAccount x) =>
        new(
            GrantObjectKind.ServiceAccount,
            x.Metadata,
            x.AutomountServiceAccountToken == false ? null : "automountServiceAccountToken is not false"
        );
}

/// <summary>
/// The service accounts of ephemeral grants and their Secrets, all in one namespace, the only one where we have rights
/// to either (infra/kubernetes/components/ephemeral). Every call may be repeated.
/// </summary>
internal static class GrantCredentials
{
    /// <summary>The kinds that are taken here.</summary>
    public static readonly IReadOnlyList<GrantObjectKind> Kinds =
    [
        GrantObjectKind.Secret,
        GrantObjectKind.ServiceAccount,
    ];

    /// <summary>The one that was announced, or that would be.</summary>
    public static ServiceAccountRef ServiceAccountOf(this Cluster cluster, AccessRequest request) =>
        request.ServiceAccount ?? ServiceAccountRef.For(request.Id, cluster.CredentialNamespace);

    /// <summary>False where there is no such namespace, or no rights of ours in it.</summary>
    /// <remarks>To be called when something else could be read: then a 403 is no passing one.</remarks>
    public static Task<bool> KeepsCredentialsAsync(this Cluster cluster, CancellationToken cancellation) =>
        MayAsync(() =>
            cluster.Client.CoreV1.ListNamespacedSecretAsync(
                cluster.CredentialNamespace,
                labelSelector: GrantBinding.Selector,
                limit: 1,
                cancellationToken: cancellation
            )
        );

    public static async Task ApplyCredentialAsync(
        this Cluster cluster,
        AccessRequest request,
        DateTimeOffset expiresAt,
        CancellationToken cancellation
    )
    {
        foreach (var kind in Kinds)
            await cluster.ApplyCredentialAsync(kind, request, expiresAt, only: null, cancellation);
    }

    /// <param name="only">Given, only this very object is changed: when it is gone by now, the API server answers 409
    /// and makes none.</param>
    /// <exception cref="AlteredObjectException">Another object than this one is there now.</exception>
    public static async Task ApplyCredentialAsync(
        this Cluster cluster,
        GrantObjectKind kind,
        AccessRequest request,
        DateTimeOffset expiresAt,
        CredentialObject? only,
        CancellationToken cancellation
    )
    {
        var account = cluster.ServiceAccountOf(request);
        var metadata = GrantBinding.Metadata(request, account.Namespace, expiresAt);
        metadata.Uid = only?.Metadata.Uid;
        object body =
            kind is GrantObjectKind.Secret
                ? new V1Secret
                {
                    ApiVersion = V1Secret.KubeApiVersion,
                    Kind = V1Secret.KubeKind,
                    Metadata = metadata,
                    Type = "Opaque",
                }
                : new V1ServiceAccount
                {
                    ApiVersion = V1ServiceAccount.KubeApiVersion,
                    Kind = V1ServiceAccount.KubeKind,
                    Metadata = metadata,
                    AutomountServiceAccountToken = false,
                };
        var applied = await cluster.PatchAsync(
            kind,
            account,
            new(body, V1Patch.PatchType.ApplyPatch),
            GrantBinding.FieldManager,
            cancellation
        );
        cluster.Check(applied, request, expiresAt);
    }

    /// <summary>Deletes what is there under this name, whoever made it.</summary>
    /// <exception cref="ObjectPersistsException" />
    public static async Task DeleteCredentialAsync(
        this Cluster cluster,
        GrantObjectKind kind,
        ServiceAccountRef account,
        CancellationToken cancellation
    )
    {
        if (await cluster.FindCredentialAsync(kind, account, cancellation) is { } found)
            await cluster.DeleteAsync(found, cancellation);
    }

    /// <summary>Deletes this very object, not one that took its name since.</summary>
    /// <returns>False when it was gone already.</returns>
    /// <exception cref="ObjectPersistsException" />
    public static Task<bool> DeleteAsync(this Cluster cluster, CredentialObject found, CancellationToken cancellation)
    {
        var (core, account, uid) = (
            cluster.Client.CoreV1,
            new ServiceAccountRef(found.Namespace, found.Name),
            found.Metadata.Uid
        );
        var only = new V1DeleteOptions { Preconditions = new V1Preconditions { Uid = uid } };
        return BindingRemoval.DeleteForGoodAsync(
            found.Name,
            delete: () =>
                found.ObjectKind is GrantObjectKind.Secret
                    ? core.DeleteNamespacedSecretAsync(
                        account.Name,
                        account.Namespace,
                        only,
                        cancellationToken: cancellation
                    )
                    : core.DeleteNamespacedServiceAccountAsync(
                        account.Name,
                        account.Namespace,
                        only,
                        cancellationToken: cancellation
                    ),
            dropFinalizers: () =>
                cluster.PatchAsync(
                    found.ObjectKind,
                    account,
                    BindingRemoval.NoFinalizers(uid),
                    fieldManager: null,
                    cancellation
                ),
            isThere: async () =>
                (await cluster.FindCredentialAsync(found.ObjectKind, account, cancellation))?.Metadata.Uid == uid
        );
    }

    /// <returns>Null where it is gone, were it with its whole namespace, in which we then have no rights any
    /// more.</returns>
    public static async Task<CredentialObject?> FindCredentialAsync(
        this Cluster cluster,
        GrantObjectKind kind,
        ServiceAccountRef account,
        CancellationToken cancellation
    )
    {
        try
        {
            return kind is GrantObjectKind.Secret
                ? CredentialObject.From(
                    await cluster.Client.CoreV1.ReadNamespacedSecretAsync(
                        account.Name,
                        account.Namespace,
                        cancellationToken: cancellation
                    )
                )
                : CredentialObject.From(
                    await cluster.Client.CoreV1.ReadNamespacedServiceAccountAsync(
                        account.Name,
                        account.Namespace,
                        cancellationToken: cancellation
                    )
                );
        }
        catch (HttpOperationException e) when (e.Response.StatusCode is HttpStatusCode.NotFound)
        {
            return null;
        }
        catch (HttpOperationException e) when (ClusterFailure.IsForbidden(e))
        {
            if (
                await BindingRemoval.FoundAsync(() =>
                    cluster.Client.CoreV1.ReadNamespaceAsync(account.Namespace, cancellationToken: cancellation)
                )
            )
                throw;
            return null;
        }
    }

    private static async Task<bool> MayAsync(Func<Task> list)
    {
        try
        {
            await list();
            return true;
        }
        catch (HttpOperationException e)
            when (e.Response.StatusCode is HttpStatusCode.NotFound || ClusterFailure.IsForbidden(e))
        {
            return false;
        }
    }

    private static async Task<CredentialObject> PatchAsync(
        this Cluster cluster,
        GrantObjectKind kind,
        ServiceAccountRef account,
        V1Patch patch,
        string? fieldManager,
        CancellationToken cancellation
    )
    {
        bool? force = patch.Type is V1Patch.PatchType.ApplyPatch ? true : null;
        return kind is GrantObjectKind.Secret
            ? CredentialObject.From(
                await cluster.Client.CoreV1.PatchNamespacedSecretAsync(
                    patch,
                    account.Name,
                    account.Namespace,
                    fieldManager: fieldManager,
                    force: force,
                    cancellationToken: cancellation
                )
            )
            : CredentialObject.From(
                await cluster.Client.CoreV1.PatchNamespacedServiceAccountAsync(
                    patch,
                    account.Name,
                    account.Namespace,
                    fieldManager: fieldManager,
                    force: force,
                    cancellationToken: cancellation
                )
            );
    }
}
