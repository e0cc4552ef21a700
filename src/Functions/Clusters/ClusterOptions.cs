using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using JitFunctions.Domain.Scopes;
using k8s;

namespace JitFunctions.Functions.Clusters;

/// <summary>
/// How the app connects to one cluster: exactly one of <see cref="Kubeconfig"/>, <see cref="InCluster"/> and
/// <see cref="Aks"/>.
/// </summary>
public sealed class ClusterOptions
{
    /// <summary>The configuration section in which each cluster has a section by its name.</summary>
    public const string Section = "Clusters";

    private static readonly Lazy<string?> OwnNamespace = new(() =>
        KubernetesClientConfiguration.IsInCluster() ? KubernetesClientConfiguration.InClusterConfig().Namespace : null
    );

    /// <summary>
    /// The cluster's name, when it differs from the name of its section: names of App Service settings cannot have a
    /// hyphen.
    /// </summary>
    public string? Name { get; init; }

    /// <summary>Path of a kubeconfig file.</summary>
    public string? Kubeconfig { get; init; }

    /// <summary>Context in the kubeconfig; the current context when absent.</summary>
    public string? Context { get; init; }

    /// <summary>True for the cluster that this process runs in; the app then uses its service account.</summary>
    public bool InCluster { get; init; }

    public AksOptions? Aks { get; init; }

    /// <summary>Set if the audit log of the cluster comes from an event hub.</summary>
    public EventHubOptions? EventHub { get; init; }

    /// <summary>
    /// The prefix that the cluster adds to the user names of tokens: the API server's <c>--oidc-username-prefix</c>.
    /// </summary>
    public string UsernamePrefix { get; init; } = string.Empty;

    /// <summary>
    /// The prefix that the cluster adds to the groups of tokens: the API server's <c>--oidc-groups-prefix</c>.
    /// </summary>
    public string GroupsPrefix { get; init; } = string.Empty;

    /// <summary>The namespace of the service accounts of ephemeral grants; it must be used for nothing else.</summary>
    public string CredentialNamespace { get; init; } = "jit-access";

    /// <summary>
    /// The namespace in which the reaper runs, or would run: the namespace of
    /// infra/kubernetes/components/reaper-rights.
    /// </summary>
    public string ReaperNamespace { get; init; } = "jit-system";

    /// <summary>
    /// The namespace in which this process runs, if it runs in this cluster: the service account names it.
    /// </summary>
    internal string? AppNamespace => InCluster ? OwnNamespace.Value : null;

    /// <summary>
    /// The address of the API server for people, when it differs from the one that this process uses.
    /// </summary>
    public Uri? PublicServer { get; init; }

    /// <summary>
    /// The credentials with which this cluster's audit log is delivered: several, so that they can be changed without
    /// an interruption. None means that the cluster delivers none.
    /// </summary>
    public IReadOnlyList<string> AuditTokens { get; init; } = [];

    private const int ShortestAuditToken = 32;

    /// <summary>
    /// The errors in the settings of these clusters, each and together, that can be found without calling the clusters.
    /// </summary>
    public static IEnumerable<string> Errors(IReadOnlyDictionary<string, ClusterOptions> clusters)
    {
        if (clusters.Count == 0)
            yield return "No cluster is configured: name at least one, such as Clusters:prod:Kubeconfig.";
        foreach (var error in clusters.SelectMany(cluster => cluster.Value.Errors(cluster.Key)))
            yield return error;

        // Under two names, each would find the other's grants.
        foreach (
            var same in clusters
                .GroupBy(cluster => cluster.Value.Server(), cluster => cluster.Key)
                .Where(group => group.Key is not null && group.Count() > 1)
        )
            yield return $"Clusters {string.Join(" and ", same.Order().Select(name => $"'{name}'"))} "
                + $"have the same server, {same.Key}: a cluster has one name.";
        foreach (
            var same in clusters
                .Where(cluster => cluster.Value.EventHub?.ResourceId is not null)
                .GroupBy(cluster => cluster.Value.EventHub!.ResourceId!.ToUpperInvariant(), cluster => cluster.Key)
                .Where(group => group.Count() > 1)
        )
            yield return $"Clusters {string.Join(" and ", same.Order().Select(name => $"'{name}'"))} "
                + "have the same EventHub:ResourceId.";

        // With it, one cluster could write the record of the other.
        foreach (
            var same in clusters
                .SelectMany(cluster => cluster.Value.AuditTokens.Distinct().Select(token => (token, cluster.Key)))
                .GroupBy(one => one.token, one => one.Key)
                .Where(group => group.Count() > 1)
        )
            yield return $"Clusters {string.Join(" and ", same.Order().Select(name => $"'{name}'"))} "
                + "have the same token in AuditTokens: each cluster needs its own.";
    }

    public IEnumerable<string> Errors(string name)
    {
        if (!RequestForm.IsDnsLabel(name))
            yield return $"Cluster '{name}': a name has at most 63 lower-case letters, digits and hyphens.";
        if ((Kubeconfig is null ? 0 : 1) + (InCluster ? 1 : 0) + (Aks is null ? 0 : 1) != 1)
            yield return $"Cluster '{name}' needs exactly one of Kubeconfig, InCluster and Aks.";
        else if (ConnectionError() is { } wrong)
            yield return $"Cluster '{name}': {wrong}";
        if (UsernamePrefix == "-")
            yield return $"Cluster '{name}': UsernamePrefix cannot be '-'; leave it out if there is no prefix.";
        if (!RequestForm.IsDnsLabel(CredentialNamespace))
            yield return $"Cluster '{name}': CredentialNamespace is not the name of a namespace.";
        if (!RequestForm.IsDnsLabel(ReaperNamespace))
            yield return $"Cluster '{name}': ReaperNamespace is not the name of a namespace.";
        if (EventHub?.Error() is { } hub)
            yield return $"Cluster '{name}': {hub}";

        if (AuditTokens.Any(token => token.Length < ShortestAuditToken || !token.All(c => c is > ' ' and <= '~')))
            yield return $"Cluster '{name}': each of AuditTokens needs at least {ShortestAuditToken} printable ASCII "
                + "characters without spaces, such as from 'openssl rand -hex 32'.";
        if (PublicServer is not null and not { IsAbsoluteUri: true, Scheme: "https" })
            yield return $"Cluster '{name}': PublicServer must be an https address.";
    }

    private string? ConnectionError() =>
        this switch
        {
            { Kubeconfig: { } path } => KubeconfigFile.Check(path, Context).Error,
            { InCluster: true } => KubernetesClientConfiguration.IsInCluster()
                ? null
                : "InCluster is true, but this process does not run in a cluster.",
            _ => Aks?.Error(),
        };

    private Uri? Server() =>
        this switch
        {
            { Kubeconfig: { } path } => KubeconfigFile.Check(path, Context).Server,
            { InCluster: true } => KubernetesClientConfiguration.IsInCluster()
                ? new Uri(KubernetesClientConfiguration.InClusterConfig().Host)
                : null,
            _ => Aks?.Server,
        };
}

/// <summary>An AKS cluster with Entra ID integration, reached with the app's own identity.</summary>
public sealed class AksOptions
{
    public Uri? Server { get; init; }

    /// <summary>PEM certificate in base64, as in a kubeconfig's <c>certificate-authority-data</c>.</summary>
    public string? CertificateAuthorityData { get; init; }

    /// <summary>Client id of the identity to use; the app's own when absent.</summary>
    public string? ManagedIdentityClientId { get; init; }

    /// <exception cref="FormatException">It is not base64.</exception>
    /// <exception cref="CryptographicException">It is not a certificate.</exception>
    public X509Certificate2 CertificateAuthority() =>
        X509CertificateLoader.LoadCertificate(Convert.FromBase64String(CertificateAuthorityData ?? string.Empty));

    internal string? Error()
    {
        if (Server is not { IsAbsoluteUri: true, Scheme: "https" } || string.IsNullOrEmpty(CertificateAuthorityData))
            return "Aks needs an https Server and its CertificateAuthorityData.";
        try
        {
            using var certificate = CertificateAuthority();
            return null;
        }
        catch (Exception e) when (e is FormatException or CryptographicException)
        {
            return "Aks:CertificateAuthorityData is not a certificate in base64, as a kubeconfig holds it.";
        }
    }
}
