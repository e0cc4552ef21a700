using System.Text.Json.Nodes;
using JitFunctions.LocalStack;

namespace JitFunctions.EndToEnd.Tests;

/// <summary>A token of a service account, used through the real kubectl.</summary>
internal sealed class TokenHolder : IDisposable
{
    public const string Allowed = "allowed";
    public const string Forbidden = "forbidden";
    public const string Unauthorized = "unauthorized";

    private readonly KubernetesCluster _cluster;
    private readonly string _kubeconfig = Path.GetTempFileName();

    /// <param name="server">Null, with the authority, for those that the administrator uses.</param>
    public TokenHolder(KubernetesCluster cluster, string token, string? server = null, string? authority = null)
    {
        _cluster = cluster;
        Token = token;
        var known = File.ReadAllLines(cluster.Kubeconfig("admin")).Select(line => line.Trim()).ToList();
        File.WriteAllText(
            _kubeconfig,
            $$$"""
            apiVersion: v1
            kind: Config
            current-context: it
            clusters: [{ name: it, cluster: { server: {{{server
                ?? Field("server")}}}, certificate-authority-data: {{{authority
                ?? Field("certificate-authority-data")}}} } }]
            users: [{ name: it, user: { token: {{{token}}} } }]
            contexts: [{ name: it, context: { cluster: it, user: it } }]
            """
        );

        string Field(string name) =>
            known.Single(line => line.StartsWith($"{name}: ", StringComparison.Ordinal)).Split(": ")[1];
    }

    public string Token { get; }

    /// <summary>As the API answers it.</summary>
    public static TokenHolder Of(JsonObject answer, KubernetesCluster cluster) =>
        new(cluster, answer.At("token")!, answer.At("server")!, answer.At("certificateAuthorityData")!);

    public Task<Command> KubectlAsync(params IEnumerable<string> arguments) =>
        _cluster.KubectlAsync("admin", ["--kubeconfig", _kubeconfig, .. arguments]);

    /// <returns>What the API server says of reading them: <see cref="Allowed"/>, <see cref="Forbidden"/> or
    /// <see cref="Unauthorized"/>.</returns>
    public async Task<string> ReadAsync(string ns, string resource = "configmaps") =>
        Verdict(await KubectlAsync("get", resource, "-n", ns));

    public Task IsSoonAsync(string verdict, string ns) =>
        Eventually.Async(() => ReadAsync(ns), said => said == verdict, $"the token is {verdict} in {ns}");

    public static string Verdict(Command run)
    {
        if (run.ExitCode == 0)
            return Allowed;
        if (run.StdErr.Contains("is forbidden: User", StringComparison.Ordinal))
            return Forbidden;
        Assert.Contains("You must be logged in to the server", run.StdErr, StringComparison.Ordinal);
        return Unauthorized;
    }

    public void Dispose() => File.Delete(_kubeconfig);
}
