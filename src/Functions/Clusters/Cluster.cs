using System.Text;
using k8s;

namespace JitFunctions.Functions.Clusters;

/// <summary>One cluster, with the app's client of it. What can be done with it are extension methods of this folder.
/// </summary>
/// <param name="UsernamePrefix">What this cluster puts before the user names of tokens.</param>
/// <param name="GroupsPrefix">The same for groups.</param>
/// <param name="CredentialNamespace">Where the service accounts of ephemeral grants are.</param>
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

/// <summary>Where people reach a cluster.</summary>
/// <param name="CertificateAuthorityData">PEM in base64, as in a kubeconfig; null for an authority that everybody
/// trusts.</param>
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
