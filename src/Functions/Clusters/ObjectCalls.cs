using JitFunctions.Domain.Grants;
using k8s;
using k8s.Models;

namespace JitFunctions.Functions.Clusters;

/// <summary>The API server's calls for one kind of object, by name.</summary>
internal sealed record ObjectCalls(
    Func<IKubernetes, string, string?, CancellationToken, Task<IKubernetesObject<V1ObjectMeta>>> Read,
    Func<IKubernetes, V1Patch, string, string?, CancellationToken, Task<IKubernetesObject<V1ObjectMeta>>> Patch,
    Func<IKubernetes, V1DeleteOptions, string, string?, CancellationToken, Task> Delete
)
{
    private static readonly Dictionary<GrantObjectKind, ObjectCalls> ByKind = new()
    {
        [GrantObjectKind.RoleBinding] = new(
            async (client, name, ns, stop) =>
                await client.RbacAuthorizationV1.ReadNamespacedRoleBindingAsync(name, ns, cancellationToken: stop),
            async (client, patch, name, ns, stop) =>
                await client.RbacAuthorizationV1.PatchNamespacedRoleBindingAsync(
                    patch,
                    name,
                    ns,
                    fieldManager: ManagerOf(patch),
                    force: ForceOf(patch),
                    cancellationToken: stop
                ),
            (client, options, name, ns, stop) =>
                client.RbacAuthorizationV1.DeleteNamespacedRoleBindingAsync(name, ns, options, cancellationToken: stop)
        ),
        [GrantObjectKind.ClusterRoleBinding] = new(
            async (client, name, _, stop) =>
                await client.RbacAuthorizationV1.ReadClusterRoleBindingAsync(name, cancellationToken: stop),
            async (client, patch, name, _, stop) =>
                await client.RbacAuthorizationV1.PatchClusterRoleBindingAsync(
                    patch,
                    name,
                    fieldManager: ManagerOf(patch),
                    force: ForceOf(patch),
                    cancellationToken: stop
                ),
            (client, options, name, _, stop) =>
                client.RbacAuthorizationV1.DeleteClusterRoleBindingAsync(name, options, cancellationToken: stop)
        ),
        [GrantObjectKind.Role] = new(
            async (client, name, ns, stop) =>
                await client.RbacAuthorizationV1.ReadNamespacedRoleAsync(name, ns, cancellationToken: stop),
            async (client, patch, name, ns, stop) =>
                await client.RbacAuthorizationV1.PatchNamespacedRoleAsync(
                    patch,
                    name,
                    ns,
                    fieldManager: ManagerOf(patch),
                    force: ForceOf(patch),
                    cancellationToken: stop
                ),
            (client, options, name, ns, stop) =>
                client.RbacAuthorizationV1.DeleteNamespacedRoleAsync(name, ns, options, cancellationToken: stop)
        ),
        [GrantObjectKind.Secret] = new(
            async (client, name, ns, stop) =>
                await client.CoreV1.ReadNamespacedSecretAsync(name, ns, cancellationToken: stop),
            async (client, patch, name, ns, stop) =>
                await client.CoreV1.PatchNamespacedSecretAsync(
                    patch,
                    name,
                    ns,
                    fieldManager: ManagerOf(patch),
                    force: ForceOf(patch),
                    cancellationToken: stop
                ),
            (client, options, name, ns, stop) =>
                client.CoreV1.DeleteNamespacedSecretAsync(name, ns, options, cancellationToken: stop)
        ),
        [GrantObjectKind.ServiceAccount] = new(
            async (client, name, ns, stop) =>
                await client.CoreV1.ReadNamespacedServiceAccountAsync(name, ns, cancellationToken: stop),
            async (client, patch, name, ns, stop) =>
                await client.CoreV1.PatchNamespacedServiceAccountAsync(
                    patch,
                    name,
                    ns,
                    fieldManager: ManagerOf(patch),
                    force: ForceOf(patch),
                    cancellationToken: stop
                ),
            (client, options, name, ns, stop) =>
                client.CoreV1.DeleteNamespacedServiceAccountAsync(name, ns, options, cancellationToken: stop)
        ),
    };

    public static ObjectCalls For(GrantObjectKind kind) => ByKind[kind];

    // Server-side apply (https://kubernetes.io/docs/reference/using-api/server-side-apply/) names the field manager,
    // and takes over fields that others have written.
    private static string? ManagerOf(V1Patch patch) =>
        patch.Type is V1Patch.PatchType.ApplyPatch ? GrantMetadata.FieldManager : null;

    private static bool? ForceOf(V1Patch patch) => patch.Type is V1Patch.PatchType.ApplyPatch ? true : null;
}
