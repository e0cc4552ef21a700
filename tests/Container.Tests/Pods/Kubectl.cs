using System.Text.Json.Nodes;
using JitFunctions.LocalStack;

namespace JitFunctions.Container.Tests.Pods;

/// <summary>The administrator in one namespace.</summary>
internal sealed class Kubectl(KubernetesCluster cluster, string ns)
{
    public string Namespace => ns;

    public async Task<string> RunAsync(params IEnumerable<string> arguments) =>
        (await TryAsync(arguments)).OrThrow($"kubectl {string.Join(' ', arguments)}").StdOut;

    public Task<Command> TryAsync(params IEnumerable<string> arguments) =>
        cluster.KubectlAsync("admin", ["--namespace", ns, .. arguments]);

    public async Task<JsonNode> ReadAsync(string kind, string name) =>
        JsonNode.Parse(await RunAsync("get", kind, name, "--output", "json"))!;
}
