using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace JitFunctions.KubectlJit.Tests;

/// <summary>
/// Speaks docs/api.md on a real socket, with the requests in memory. A test moves them from state to state.
/// </summary>
internal sealed class JitServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Func<HttpContext, Task>> _scripted = new();

    private JitServer(WebApplication app)
    {
        _app = app;
        app.Run(AnswerAsync);
    }

    public string Address => _app.Urls.Single();

    public ConcurrentQueue<Call> Calls { get; } = new();

    public RequestBook Requests { get; } = new();

    /// <summary>What the server says of policies, of the caller and of itself, by the path of the call.</summary>
    public Dictionary<string, string> Policies { get; } = [];

    /// <summary>Where the server says a request's cluster is.</summary>
    public string Cluster { get; set; } = "{}";

    public ConcurrentQueue<string> Events { get; } = new();

    /// <summary>The export of the log, and of each request.</summary>
    public byte[] Archive { get; set; } = [];

    public static async Task<JitServer> StartAsync(X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder
            .WebHost.UseKestrelHttpsConfiguration()
            .ConfigureKestrel(kestrel =>
                kestrel.Listen(
                    IPAddress.Loopback,
                    port: 0,
                    endpoint =>
                    {
                        if (certificate is not null)
                            endpoint.UseHttps(certificate);
                    }
                )
            );
        var server = new JitServer(builder.Build());
        await server._app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    /// <summary>The next call gets this answer instead; several queue up.</summary>
    public void AnswerNext(int status, JsonNode problem, string? retryAfter = null) =>
        _scripted.Enqueue(http =>
        {
            if (retryAfter is not null)
                http.Response.Headers.RetryAfter = retryAfter;
            return Results
                .Text(problem.ToJsonString(), "application/problem+json", statusCode: status)
                .ExecuteAsync(http);
        });

    public void AnswerNext(Func<HttpContext, Task> answer) => _scripted.Enqueue(answer);

    /// <summary>Comes back once the plugin waits for what follows this version.</summary>
    public Task WaitForPollAsync(long version) =>
        WaitUntilAsync(() =>
            Calls.Any(call =>
                call.Target.Contains("?wait=", StringComparison.Ordinal) && call.IfNoneMatch == $"\"{version}\""
            )
        );

    public static async Task WaitUntilAsync(Func<bool> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(3)); // reached only by a failure
        while (!condition())
            await Task.Delay(TimeSpan.FromMilliseconds(5), limit.Token);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        var call = await Call.ReadAsync(http.Request);
        Calls.Enqueue(call);
        if (_scripted.TryDequeue(out var scripted))
        {
            await scripted(http);
            return;
        }

        string[] route = [.. http.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries)];
        await (
            (http.Request.Method, route) switch
            {
                ("POST", ["api", "requests"]) => Requests.AskAsync(http, call),
                ("GET", ["api", "requests"]) => Requests.ListAsync(http),
                ("GET", ["api", "requests", var id]) => Requests.GetAsync(http, id),
                ("POST", ["api", "requests", var id, var deed]) => Requests.ChangeAsync(http, id, deed, call),
                ("GET", ["api", "requests", _, "cluster"]) => Results
                    .Text(Cluster, "application/json")
                    .ExecuteAsync(http),
                ("GET", ["api", "requests", _, "events"]) => Ndjson(Events).ExecuteAsync(http),
                ("GET", ["api", "log", "export"] or ["api", "audit", "evidence"] or ["api", "requests", _, "proof"]) =>
                    Results.Bytes(Archive, "application/zip").ExecuteAsync(http),
                ("GET", ["api", "audit", "break-glass"]) => Requests.ListOwedAsync(http),
                ("GET", ["api", "whoami" or "reconciler"])
                    when Policies.TryGetValue(http.Request.Path.Value, out var answer) => Results
                    .Text(answer, "application/json")
                    .ExecuteAsync(http),
                (_, ["api", "policies", ..]) when Policies.TryGetValue(http.Request.Path.Value, out var answer) =>
                    Results.Text(answer, "application/json").ExecuteAsync(http),
                ("GET", ["api", "audit", "events"]) => AuditAsync(http),
                _ => ProblemAnswers.Of(404, "no-such-route", "There is no such route").ExecuteAsync(http),
            }
        );
    }

    private Task AuditAsync(HttpContext http)
    {
        var after = long.Parse(http.Request.Query["after"]!);
        var page = Events.Where(line => Sequence(line) > after).Take(int.Parse(http.Request.Query["limit"]!)).ToList();
        http.Response.Headers["Jit-Last-Sequence"] = $"{(page is [.., var last] ? Sequence(last) : after)}";
        return Ndjson(page).ExecuteAsync(http);
    }

    private static long Sequence(string line) => JsonNode.Parse(line)!["sequence"]!.GetValue<long>();

    private static IResult Ndjson(IEnumerable<string> lines) =>
        Results.Text(string.Concat(lines.Select(line => line + "\n")), "application/x-ndjson");
}
