using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Azure.Core;
using JitFunctions.Domain.Scopes;
using JitFunctions.Functions.Platform.AppIdentity;
using k8s;
using Microsoft.Extensions.Options;

namespace JitFunctions.Functions.Clusters;

/// <summary>One connection for each cluster, by its name.</summary>
/// <param name="forCallers">
/// Whether the connections are for calls on behalf of HTTP callers, which are limited
/// (<see cref="CallerConcurrencyHandler"/>).
/// </param>
public sealed class ClusterConnections(
    IReadOnlyDictionary<string, ClusterOptions> clusters,
    AppCredentials credentials,
    bool forCallers = false
) : IDisposable
{
    private readonly ConcurrentDictionary<(string Name, DateTime ConfiguredAt), Cluster> _connected = [];

    /// <exception cref="OptionsValidationException">When a cluster cannot be reached as configured.</exception>
    public static ClusterConnections Create(
        IReadOnlyDictionary<string, ClusterOptions> clusters,
        AppCredentials credentials
    )
    {
        var errors = clusters.SelectMany(cluster => cluster.Value.Errors(cluster.Key)).ToList();
        return errors is []
            ? new(clusters, credentials)
            : throw new OptionsValidationException(ClusterOptions.Section, typeof(ClusterOptions), errors);
    }

    public IEnumerable<string> Names => clusters.Keys.Order();

    /// <exception cref="UnknownClusterException">The cluster was removed from the configuration.</exception>
    public Cluster this[string name] =>
        clusters.TryGetValue(name, out var options)
            ? _connected.GetOrAdd((name, ConfiguredAt(options)), _ => Connect(name, options))
            : throw new UnknownClusterException(name);

    /// <returns>Null for a cluster that is not configured.</returns>
    public string? CredentialNamespaceOf(string name) => clusters.GetValueOrDefault(name)?.CredentialNamespace;

    /// <summary>
    /// Why the scope is refused: rights in these namespaces would lead to the rights of all grants, or of the app.
    /// </summary>
    /// <returns>Null when the scope includes none of these namespaces.</returns>
    public string? WhyReserved(Scope scope) =>
        clusters.GetValueOrDefault(scope.Cluster) switch
        {
            // Whoever can read secrets there, or impersonate a service account, would have the rights of all other
            // grants.
            { CredentialNamespace: var reserved } when scope.Namespaces.Contains(reserved) =>
                $"Nobody gets rights in namespace {reserved} of {scope.Cluster}: the credentials of grants are there.",
            { AppNamespace: { } own } when scope.Namespaces.Contains(own) =>
                $"Nobody gets rights in namespace {own} of {scope.Cluster}: this app runs there, with its "
                    + "policies and its secrets.",
            // Whoever can change the reaper's job there, or impersonate its service account, could end every grant, or
            // prevent it from ending any.
            { ReaperNamespace: var reserved } when scope.Namespaces.Contains(reserved) =>
                $"Nobody gets rights in namespace {reserved} of {scope.Cluster}: the reaper runs there.",
            _ => null,
        };

    public void Dispose()
    {
        foreach (var cluster in _connected.Values)
            cluster.Client.Dispose();
    }

    // A kubeconfig that has changed, such as one with a rotated credential, is read again.
    private static DateTime ConfiguredAt(ClusterOptions options) =>
        options.Kubeconfig is { } path ? File.GetLastWriteTimeUtc(path) : DateTime.MinValue;

    private Cluster Connect(string name, ClusterOptions options)
    {
        var configuration = options switch
        {
            { Kubeconfig: { } path } => KubernetesClientConfiguration.BuildConfigFromConfigFile(path, options.Context),
            { InCluster: true } => KubernetesClientConfiguration.InClusterConfig(),
            { Aks: { } aks } => Entra(aks, credentials.For(aks.ManagedIdentityClientId)),
            _ => throw new InvalidOperationException($"Cluster '{name}' has no connection settings."),
        };
        var client = ClusterClient.Create(configuration, name, forCallers);
        return new(
            name,
            client,
            options.UsernamePrefix,
            options.GroupsPrefix,
            options.CredentialNamespace,
            ClusterAddress.For(options, configuration)
        );
    }

    private static KubernetesClientConfiguration Entra(AksOptions aks, TokenCredential credential) =>
        new()
        {
            Host = aks.Server!.ToString(),
            SslCaCerts =
            [
                X509CertificateLoader.LoadCertificate(
                    Encoding.ASCII.GetBytes(
                        Encoding.ASCII.GetString(Convert.FromBase64String(aks.CertificateAuthorityData!))
                    )
                ),
            ],
            TokenProvider = new EntraTokenProvider(credential),
        };
}

public sealed class UnknownClusterException(string name)
    : Exception($"No cluster is configured under the name '{name}' any more.");
