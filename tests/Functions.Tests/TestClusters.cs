using JitFunctions.Functions.Clusters;
using JitFunctions.Functions.Platform.AppIdentity;

namespace JitFunctions.Functions.Tests;

/// <summary>A cluster called demo whose API server is whatever a test puts there.</summary>
internal static class TestClusters
{
    /// <param name="folder">For its kubeconfig.</param>
    public static ClusterConnections At(Uri server, string folder)
    {
        var path = Path.Combine(folder, "kubeconfig");
        File.WriteAllText(
            path,
            $$"""
            apiVersion: v1
            kind: Config
            current-context: demo
            clusters: [{ name: demo, cluster: { server: "{{server.GetLeftPart(UriPartial.Authority)}}" } }]
            users: [{ name: app, user: { token: none } }]
            contexts: [{ name: demo, context: { cluster: demo, user: app } }]
            """
        );
        return new(
            new Dictionary<string, ClusterOptions> { ["demo"] = new() { Kubeconfig = path } },
            new AppCredentials(new(), TimeProvider.System)
        );
    }
}
