using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Azure.Core;
using Azure.Identity;
using k8s;
using Microsoft.Extensions.Options;

namespace JitFunctions.Functions.Clusters;

/// <summary>One connection for each cluster, by its name.</summary>
public sealed class ClusterConnections(IReadOnlyDictionary<string, ClusterOptions> clusters) : IDisposable
{
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(10);
    private readonly ConcurrentDictionary<string, Lazy<Cluster>> _connected = [];

    /// <exception cref="OptionsValidationException">When a cluster cannot be reached as configured.</exception>
    public static ClusterConnections Create(IReadOnlyDictionary<string, ClusterOptions> clusters)
    {
        var errors = clusters.SelectMany(cluster => cluster.Value.Errors(cluster.Key)).ToList();
        return errors is [] ? new(clusters) : throw new OptionsValidationException(ClusterOptions.Section, typeof(ClusterOptions), errors);
    }

    public IEnumerable<string> Names => clusters.Keys.Order();

    public Cluster this[string name] => _connected.GetOrAdd(name, _ => new(() => Connect(name, clusters[name]))).Value;

    public void Dispose()
    {
        foreach (var cluster in _connected.Values.Where(cluster => cluster.IsValueCreated))
            cluster.Value.Client.Dispose();
    }

    private static Cluster Connect(string name, ClusterOptions options)
    {
        var client = new Kubernetes(options switch
        {
            { Kubeconfig: { } path } => KubernetesClientConfiguration.BuildConfigFromConfigFile(path, options.Context),
            { InCluster: true } => KubernetesClientConfiguration.InClusterConfig(),
            { Aks: { } aks } => Entra(aks),
            _ => throw new InvalidOperationException($"Cluster '{name}' has no way to be reached."),
        });
        client.HttpClient.Timeout = CallTimeout;
        return new(name, client, options.UsernamePrefix);
    }

    private static KubernetesClientConfiguration Entra(AksOptions aks) => new()
    {
        Host = aks.Server!.ToString(),
        SslCaCerts = [X509CertificateLoader.LoadCertificate(Encoding.ASCII.GetBytes(
            Encoding.ASCII.GetString(Convert.FromBase64String(aks.CertificateAuthorityData!))))],
        TokenProvider = new EntraTokenProvider(Credential(aks)),
    };

    private static TokenCredential Credential(AksOptions aks) => new ManagedIdentityCredential(
        aks.ManagedIdentityClientId is { } id ? ManagedIdentityId.FromUserAssignedClientId(id) : ManagedIdentityId.SystemAssigned);
}

/// <param name="UsernamePrefix">What this cluster puts before the user names of tokens.</param>
public sealed record Cluster(string Name, Kubernetes Client, string UsernamePrefix)
{
    public string UserName(string username) => UsernamePrefix + username;
}
