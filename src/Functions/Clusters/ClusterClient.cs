using k8s;

namespace JitFunctions.Functions.Clusters;

/// <summary>The one place that makes clients of API servers.</summary>
internal static class ClusterClient
{
    /// <summary>For a call with its whole answer, and with its repetitions.</summary>
    public static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(10);

    /// <param name="cluster">The name in traces.</param>
    /// <param name="forCallers">Whether it is for calls on behalf of HTTP callers, which are limited.</param>
    public static Kubernetes Create(
        KubernetesClientConfiguration configuration,
        string cluster,
        bool forCallers = false
    )
    {
        // The last is the outermost: a span ends with the answer, and each try has one.
        DelegatingHandler[] handlers =
        [
            new BufferedResponseHandler(),
            new ClusterTracing(cluster),
            new ThrottlingHandler(TimeProvider.System),
        ];
        var client = new Kubernetes(
            configuration,
            forCallers ? [.. handlers, new CallerConcurrencyHandler(cluster)] : handlers
        );
        client.HttpClient.Timeout = CallTimeout;
        return client;
    }
}
