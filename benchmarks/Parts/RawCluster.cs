using k8s;
using k8s.Models;

namespace JitFunctions.Benchmarks;

/// <summary>
/// The baseline: the API server without the product, as a cluster administrator who makes and deletes bindings by hand.
/// </summary>
internal sealed class RawCluster(string kubeconfig, string userName) : IDisposable
{
    private readonly Kubernetes _client = new(KubernetesClientConfiguration.BuildConfigFromConfigFile(kubeconfig));

    public async Task<string> VersionAsync(CancellationToken cancellation) =>
        (await _client.Version.GetCodeAsync(cancellation)).GitVersion;

    public Task CreateNamespaceAsync(string name, CancellationToken cancellation) =>
        _client.CoreV1.CreateNamespaceAsync(
            new V1Namespace { Metadata = new() { Name = name } },
            cancellationToken: cancellation
        );

    /// <summary>The same rights for the same person as the measured grants give.</summary>
    public Task BindAsync(string ns, string name, CancellationToken cancellation) =>
        _client.RbacAuthorizationV1.CreateNamespacedRoleBindingAsync(
            new V1RoleBinding
            {
                Metadata = new() { Name = name },
                RoleRef = new()
                {
                    ApiGroup = V1RoleBinding.KubeGroup,
                    Kind = "ClusterRole",
                    Name = "view",
                },
                Subjects =
                [
                    new()
                    {
                        ApiGroup = V1RoleBinding.KubeGroup,
                        Kind = "User",
                        Name = userName,
                    },
                ],
            },
            ns,
            cancellationToken: cancellation
        );

    public Task UnbindAsync(string ns, string name, CancellationToken cancellation) =>
        _client.RbacAuthorizationV1.DeleteNamespacedRoleBindingAsync(name, ns, cancellationToken: cancellation);

    public void Dispose() => _client.Dispose();
}
