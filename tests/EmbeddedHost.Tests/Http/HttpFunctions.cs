using System.Globalization;
using JitFunctions.EmbeddedHost.Tests.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace JitFunctions.EmbeddedHost.Tests.Http;

/// <summary>What one invocation's scope holds.</summary>
public sealed class Scoped
{
    public Guid Id { get; } = Guid.NewGuid();
}

public sealed class HttpFunctions(Journal journal, Scoped scoped) : IDisposable
{
    [Function("Greet")]
    public static IResult Greet(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "greet/{name}/{times:int}")] HttpRequest request, string name, int times)
        => Results.Ok(string.Join(' ', Enumerable.Repeat($"{request.Query["word"]} {name}", times)));

    [Function("Find")]
    public static async Task<IResult> Find(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "things/{id}")] HttpRequest request, Guid id, CancellationToken cancellation)
    {
        await Task.Yield();
        cancellation.ThrowIfCancellationRequested();
        return Results.Text(id.ToString("N", CultureInfo.InvariantCulture), request.ContentType);
    }

    [Function("Put")]
    public static IResult Put([HttpTrigger(AuthorizationLevel.Anonymous, "put", "post", Route = "things/{id}")] HttpRequest request, string id)
        => Results.Created($"{request.Path}", id);

    [Function("Unrouted")]
    public async Task Unrouted([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request, FunctionContext context)
    {
        var scope = scoped.Id == ((Scoped)context.InstanceServices.GetService(typeof(Scoped))!).Id ? "same scope" : "other scope";
        await request.HttpContext.Response.WriteAsync($"{context.FunctionDefinition.Name} in the {scope} {scoped.Id}");
    }

    [Function("Break")]
    public static IResult Break([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "break")] HttpRequest request)
        => throw new InvalidOperationException($"the secret of {request.Path}");

    [Function("StartFacts")]
    public static async Task<IResult> StartFacts(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "facts/{id}")] HttpRequest request, string id, [DurableClient] DurableTaskClient client)
    {
        await client.ScheduleNewOrchestrationInstanceAsync(
            nameof(Durable.Orchestrations.Facts), new Microsoft.DurableTask.StartOrchestrationOptions(id), request.HttpContext.RequestAborted);
        return Results.Accepted();
    }

    public void Dispose() => journal.Note("disposed");
}
