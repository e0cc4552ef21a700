using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace JitFunctions.Functions.Tests.Platform.Directory;

/// <summary>What came in, as it was on the wire.</summary>
internal sealed record GraphCall(string Method, string Target, string? Authorization, string Body);

/// <summary>An answer that a test prepares; without a status the call hangs.</summary>
internal sealed record GraphAnswer(int? Status, string Body, params (string Name, string Value)[] Headers);

/// <summary>On loopback, gives the prepared answers in their order, and the last one again and again.</summary>
internal sealed class GraphSite : IAsyncDisposable
{
    private readonly WebApplication _site;
    private readonly List<GraphCall> _calls = [];

    private GraphSite(WebApplication site) => _site = site;

    public Uri Address => new(_site.Urls.Single());

    public IReadOnlyList<GraphCall> Calls => _calls;

    public IReadOnlyList<GraphAnswer> Answers { get; set; } = [];

    public static async Task<GraphSite> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var site = new GraphSite(builder.Build());
        site._site.Run(site.AnswerAsync);
        await site._site.StartAsync();
        return site;
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        using var body = new StreamReader(http.Request.Body);
        _calls.Add(
            new(
                http.Request.Method,
                http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
                http.Request.Headers.Authorization,
                await body.ReadToEndAsync()
            )
        );
        var answer = Answers[Math.Min(_calls.Count, Answers.Count) - 1];
        if (answer.Status is not { } status)
        {
            await Task.Delay(Timeout.Infinite, http.RequestAborted);
            return;
        }

        http.Response.StatusCode = status;
        foreach (var (name, value) in answer.Headers)
            http.Response.Headers[name] = value;
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(answer.Body);
    }
}
