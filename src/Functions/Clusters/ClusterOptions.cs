namespace JitFunctions.Functions.Clusters;

/// <summary>How one cluster is reached: exactly one of <see cref="Kubeconfig"/>, <see cref="InCluster"/> and <see cref="Aks"/>.</summary>
public sealed class ClusterOptions
{
    /// <summary>The configuration section in which each cluster has a section by its name.</summary>
    public const string Section = "Clusters";

    /// <summary>Path of a kubeconfig file.</summary>
    public string? Kubeconfig { get; init; }

    /// <summary>Context in the kubeconfig; the current one when absent.</summary>
    public string? Context { get; init; }

    /// <summary>True for the cluster that this process runs in, by its service account.</summary>
    public bool InCluster { get; init; }

    public AksOptions? Aks { get; init; }

    /// <summary>What the cluster puts before the user names of tokens: the API server's <c>--oidc-username-prefix</c>.</summary>
    public string UsernamePrefix { get; init; } = string.Empty;

    public IEnumerable<string> Errors(string name)
    {
        if ((Kubeconfig is null ? 0 : 1) + (InCluster ? 1 : 0) + (Aks is null ? 0 : 1) != 1)
            yield return $"Cluster '{name}' needs exactly one of Kubeconfig, InCluster and Aks.";
        if (Kubeconfig is { } path && !File.Exists(path))
            yield return $"Cluster '{name}': there is no kubeconfig at {path}.";
        if (Aks is { } aks && (aks.Server?.Scheme != Uri.UriSchemeHttps || string.IsNullOrEmpty(aks.CertificateAuthorityData)))
            yield return $"Cluster '{name}': Aks needs an https Server and its CertificateAuthorityData.";
    }
}

/// <summary>An AKS cluster with Entra ID integration, reached with the app's own managed identity.</summary>
public sealed class AksOptions
{
    public Uri? Server { get; init; }

    /// <summary>PEM certificate in base64, as in a kubeconfig's <c>certificate-authority-data</c>.</summary>
    public string? CertificateAuthorityData { get; init; }

    /// <summary>Client id of the user-assigned managed identity.</summary>
    public string? ManagedIdentityClientId { get; init; }
}
