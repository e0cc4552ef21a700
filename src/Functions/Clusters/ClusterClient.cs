using k8s;

namespace JitFunctions.Functions.Clusters;

/// <summary>The only place that creates clients of API servers.</summary>
internal static class ClusterClient
{
    /// <summary>The time limit of a call with its complete response, including its retries.</summary>
    public static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(10);

    /// <param name="cluster">The name in traces.</param>
    /// <param name="forCallers">Whether the client is for calls on behalf of HTTP callers, which are limited.</param>
    public static Kubernetes Create(
        KubernetesClientConfiguration configuration,
        string cluster,
        bool forCallers = false
    )
    {
        // The last handler is the outermost: a span ends with the response, and each try has one.
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
