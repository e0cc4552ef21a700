using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace JitFunctions.Functions.Tests.Platform.Notifications;

/// <summary>Answers on loopback as a test says, or not at all.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication _site;
    private readonly TaskCompletionSource _called = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Receiver(WebApplication site) => _site = site;

    public Uri Address => new(new Uri(_site.Urls.Single()), "/hidden?key=hunter2");

    public int Calls { get; private set; }

    public Task Called => _called.Task;

    /// <summary>Null: the call hangs.</summary>
    public int? Status { get; set; }

    public static async Task<Receiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new Receiver(builder.Build());
        receiver._site.Run(receiver.AnswerAsync);
        await receiver._site.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        Calls++;
        _called.TrySetResult();
        if (Status is not { } status)
        {
            await Task.Delay(Timeout.Infinite, http.RequestAborted);
            return;
        }

        http.Response.StatusCode = status;
        http.Response.Headers.Location = "/elsewhere";
    }
}
