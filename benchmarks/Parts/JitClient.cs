using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;

namespace JitFunctions.Benchmarks;

/// <summary>
/// The product's HTTP API, as one person uses it. A refused call throws <see cref="HttpRequestException"/>.
/// </summary>
internal sealed class JitClient : IDisposable
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(60);
    private readonly HttpClient _http;

    public JitClient(Uri server, string token)
    {
        _http = new HttpClient { BaseAddress = server };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    public Task<MeasuredGrant> RequestAsync(string ns, TimeSpan duration, CancellationToken cancellation) =>
        PostAsync(
            "api/requests",
            new
            {
                cluster = "demo",
                namespaces = new[] { ns },
                role = new { kind = "ClusterRole", name = "view" },
                duration = $"{duration.TotalSeconds:0}s",
                reason = "benchmark",
            },
            cancellation
        );

    public Task<MeasuredGrant> ApproveAsync(MeasuredGrant seen, CancellationToken cancellation) =>
        PostAsync($"api/requests/{seen.Id}/reviews", new { verdict = "approve", scope = seen.Scope }, cancellation);

    public Task<MeasuredGrant> RelinquishAsync(string id, CancellationToken cancellation) =>
        PostAsync($"api/requests/{id}/relinquish", new { }, cancellation);

    public Task<MeasuredGrant> WithdrawAsync(string id, CancellationToken cancellation) =>
        PostAsync($"api/requests/{id}/withdraw", new { }, cancellation);

    /// <summary>Waits as the API offers it, by a call that is answered when something changes.</summary>
    /// <exception cref="TimeoutException">The status did not come within a minute.</exception>
    public async Task<MeasuredGrant> WhenAsync(MeasuredGrant grant, string status, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(TimeLimit);
        try
        {
            while (grant.Status != status)
                grant = await NextAsync(grant, limit.Token);
            return grant;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException(
                $"{grant.Id} was still {grant.Status}, not {status}, after {TimeLimit.TotalSeconds:0} s."
            );
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<MeasuredGrant> NextAsync(MeasuredGrant grant, CancellationToken cancellation)
    {
        using var question = new HttpRequestMessage(HttpMethod.Get, $"api/requests/{grant.Id}?wait=10");
        question.Headers.IfNoneMatch.Add(new EntityTagHeaderValue($"\"{grant.Version}\""));
        using var answer = await _http.SendAsync(question, cancellation);
        return answer.StatusCode is HttpStatusCode.NotModified ? grant : await ReadAsync(answer, cancellation);
    }

    private async Task<MeasuredGrant> PostAsync(string path, object body, CancellationToken cancellation)
    {
        using var answer = await _http.PostAsJsonAsync(path, body, cancellation);
        return await ReadAsync(answer, cancellation);
    }

    private static async Task<MeasuredGrant> ReadAsync(HttpResponseMessage answer, CancellationToken cancellation) =>
        answer.IsSuccessStatusCode
            ? (await answer.Content.ReadFromJsonAsync<MeasuredGrant>(cancellation))!
            : throw new HttpRequestException(
                $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(cancellation)}",
                null,
                answer.StatusCode
            );
}
