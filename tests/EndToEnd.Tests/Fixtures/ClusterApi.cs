using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using JitFunctions.LocalStack;

namespace JitFunctions.EndToEnd.Tests;

/// <summary>
/// The API server over HTTP, for calls that kubectl does not make: as its administrator, who can act as any user.
/// </summary>
internal sealed class ClusterApi : IDisposable
{
    public const string Json = "application/json";
    public const string MergePatch = "application/merge-patch+json";
    public const string Apply = "application/apply-patch+yaml";

    private readonly ApiServerClient _client;

    /// <param name="token">Null for the administrator's own.</param>
    public ClusterApi(KubernetesCluster cluster, string? token = null) =>
        _client = new ApiServerClient(cluster.Server, cluster.Authority, token ?? AdministratorsToken(cluster));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <param name="user">Null for whoever the token is of.</param>
    public async Task<(HttpStatusCode Status, string Text)> SendAsync(
        string? user,
        HttpMethod method,
        string path,
        JsonNode? body = null,
        string type = Json
    )
    {
        using var call = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (user is not null)
            call.Headers.Add("Impersonate-User", user);
        if (body is not null)
            call.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, new MediaTypeHeaderValue(type));
        using var answer = await _client.SendAsync(call, Cancellation);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancellation));
    }

    public async Task<JsonNode> GetAsync(string path) =>
        JsonNode.Parse(Expect(await SendAsync(null, HttpMethod.Get, path), path))!;

    public async Task CreateAsync(string path, JsonNode body) =>
        Expect(await SendAsync(null, HttpMethod.Post, path, body), path);

    public void Dispose() => _client.Dispose();

    private static string Expect((HttpStatusCode Status, string Text) answer, string path)
    {
        Assert.True((int)answer.Status is >= 200 and < 300, $"{path}: {(int)answer.Status} {answer.Text}");
        return answer.Text;
    }

    private static string AdministratorsToken(KubernetesCluster cluster) =>
        File.ReadLines(cluster.Kubeconfig("admin"))
            .Select(line => line.Trim())
            .Single(line => line.StartsWith("token: ", StringComparison.Ordinal))["token: ".Length..];
}
