using System.Text;
using k8s;

namespace JitFunctions.Functions.Clusters;

/// <summary>
/// One cluster, with the app's client for it. The operations on a cluster are extension methods in this folder.
/// </summary>
/// <param name="UsernamePrefix">The prefix that this cluster adds to the user names of tokens.</param>
/// <param name="GroupsPrefix">The prefix that this cluster adds to the groups of tokens.</param>
/// <param name="CredentialNamespace">The namespace of the service accounts of ephemeral grants.</param>
public sealed record Cluster(
    string Name,
    Kubernetes Client,
    string UsernamePrefix,
    string GroupsPrefix,
    string CredentialNamespace,
    ClusterAddress Address
)
{
    public string UserName(string username) => UsernamePrefix + username;

    public string GroupName(string group) => GroupsPrefix + group;
}

/// <summary>The address of a cluster for people.</summary>
/// <param name="CertificateAuthorityData">
/// PEM in base64, as in a kubeconfig; null for an authority that is publicly trusted.
/// </param>
public sealed record ClusterAddress(Uri Server, string? CertificateAuthorityData)
{
    internal static ClusterAddress For(ClusterOptions options, KubernetesClientConfiguration configuration) =>
        new(
            options.PublicServer ?? new(configuration.Host),
            configuration.SslCaCerts is { Count: > 0 } authorities
                ? Convert.ToBase64String(Encoding.ASCII.GetBytes(authorities.ExportCertificatePems()))
                : null
        );
}
