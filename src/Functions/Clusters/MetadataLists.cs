using System.Net;
using System.Runtime.CompilerServices;
using JitFunctions.Domain.Grants;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace JitFunctions.Functions.Clusters;

/// <summary>What a list contains about an object: its metadata, not the rights that it gives.</summary>
/// <param name="Metadata">The metadata that grants write and that the API server writes.</param>
public sealed record ListedObject(GrantObjectKind Kind, V1ObjectMeta Metadata)
{
    public GrantObjectRef Ref { get; } = new(Kind, Metadata.NamespaceProperty, Metadata.Name);
}

/// <summary>
/// Lists grant objects. Anybody who can create such objects can make these lists very long, with objects as large as
/// etcd accepts. So only the metadata is requested from the API server
/// (https://kubernetes.io/docs/reference/using-api/api-concepts/#metadata-only-fetches), and a page that is too large
/// for <see cref="BufferedResponseHandler"/> is requested again in smaller pages.
/// </summary>
internal static class MetadataLists
{
    private const int LargestPage = 100;
    private const int Smaller = 10;
    private const int LongestTime = 100;

    // The client reads it as a list of the kind, in which only the metadata of the objects is set.
    private static readonly IReadOnlyDictionary<string, IReadOnlyList<string>> MetadataOnly = new Dictionary<
        string,
        IReadOnlyList<string>
    >
    {
        ["Accept"] = ["application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"],
    };

    /// <param name="credentialNamespace">
    /// The namespace in which Secrets and service accounts are listed; null where the cluster is not set up for them.
    /// </param>
    public static async IAsyncEnumerable<IReadOnlyList<ListedObject>> ReadPagesAsync(
        this IKubernetes client,
        GrantObjectKind kind,
        string credentialNamespace,
        string selector,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        var (size, next) = (LargestPage, (string?)null);
        do
        {
            IReadOnlyList<ListedObject> page;
            try
            {
                (page, next) = await client.ReadPageAsync(
                    kind,
                    credentialNamespace,
                    selector,
                    size,
                    next,
                    cancellation
                );
            }
            catch (HttpRequestException e) when (BufferedResponseHandler.IsTooLarge(e) && size > 1)
            {
                size /= Smaller;
                continue;
            }
            catch (HttpOperationException e) when (IsNotSetUp(kind, e))
            {
                yield break;
            }

            yield return page;
            if (string.IsNullOrEmpty(next))
                yield break;
        } while (true);
    }

    private static bool IsNotSetUp(GrantObjectKind kind, HttpOperationException e) =>
        kind is GrantObjectKind.Secret or GrantObjectKind.ServiceAccount
        && (e.Response.StatusCode is HttpStatusCode.NotFound || ClusterFailure.IsForbidden(e));

    private static async Task<(IReadOnlyList<ListedObject> Page, string? Next)> ReadPageAsync(
        this IKubernetes client,
        GrantObjectKind kind,
        string credentialNamespace,
        string selector,
        int limit,
        string? after,
        CancellationToken cancellation
    )
    {
        var (rbac, core) = (client.RbacAuthorizationV1, client.CoreV1);
        switch (kind)
        {
            case GrantObjectKind.RoleBinding:
                using (
                    var answer = await rbac.ListRoleBindingForAllNamespacesWithHttpMessagesAsync(
                        labelSelector: selector,
                        limit: limit,
                        continueParameter: after,
                        customHeaders: MetadataOnly,
                        cancellationToken: cancellation
                    )
                )
                {
                    return PageOf(answer.Body.Metadata, answer.Body.Items);
                }

            case GrantObjectKind.ClusterRoleBinding:
                using (
                    var answer = await rbac.ListClusterRoleBindingWithHttpMessagesAsync(
                        labelSelector: selector,
                        limit: limit,
                        continueParameter: after,
                        customHeaders: MetadataOnly,
                        cancellationToken: cancellation
                    )
                )
                {
                    return PageOf(answer.Body.Metadata, answer.Body.Items);
                }

            case GrantObjectKind.Role:
                using (
                    var answer = await rbac.ListRoleForAllNamespacesWithHttpMessagesAsync(
                        labelSelector: selector,
                        limit: limit,
                        continueParameter: after,
                        customHeaders: MetadataOnly,
                        cancellationToken: cancellation
                    )
                )
                {
                    return PageOf(answer.Body.Metadata, answer.Body.Items);
                }

            case GrantObjectKind.Secret:
                using (
                    var answer = await core.ListNamespacedSecretWithHttpMessagesAsync(
                        credentialNamespace,
                        labelSelector: selector,
                        limit: limit,
                        continueParameter: after,
                        customHeaders: MetadataOnly,
                        cancellationToken: cancellation
                    )
                )
                {
                    return PageOf(answer.Body.Metadata, answer.Body.Items);
                }

            case GrantObjectKind.ServiceAccount:
                using (
                    var answer = await core.ListNamespacedServiceAccountWithHttpMessagesAsync(
                        credentialNamespace,
                        labelSelector: selector,
                        limit: limit,
                        continueParameter: after,
                        customHeaders: MetadataOnly,
                        cancellationToken: cancellation
                    )
                )
                {
                    return PageOf(answer.Body.Metadata, answer.Body.Items);
                }

            default:
                throw new ArgumentOutOfRangeException(nameof(kind));
        }

        // The items are null when the list is empty.
        (IReadOnlyList<ListedObject>, string?) PageOf<T>(V1ListMeta list, IEnumerable<T>? items)
            where T : IKubernetesObject<V1ObjectMeta> =>
            (
                [.. (items ?? []).Select(item => new ListedObject(kind, Shortened(item.Metadata)))],
                list.ContinueProperty
            );
    }

    // Others can write any number of labels, annotations, finalizers and owners.
    private static V1ObjectMeta Shortened(V1ObjectMeta metadata) =>
        new()
        {
            Name = metadata.Name,
            NamespaceProperty = metadata.NamespaceProperty,
            Uid = metadata.Uid,
            ResourceVersion = metadata.ResourceVersion,
            CreationTimestamp = metadata.CreationTimestamp,
            Labels = metadata.Labels?.Where(label => GrantMetadata.OwnLabels.Contains(label.Key)).ToDictionary(),
            Annotations = metadata
                .Annotations?.Where(one =>
                    one.Key == GrantMetadata.ExpiresAnnotation && one.Value.Length <= LongestTime
                )
                .ToDictionary(),
        };
}
