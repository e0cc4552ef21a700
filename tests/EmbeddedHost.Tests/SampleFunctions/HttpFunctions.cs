using System.Globalization;
using DurableTask.Core.Exceptions;
using JitFunctions.EmbeddedHost.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace JitFunctions.EmbeddedHost.Tests.SampleFunctions;

/// <summary>What one invocation's scope holds.</summary>
public sealed class Scoped(Journal journal) : IDisposable
{
    public Guid Id { get; } = Guid.NewGuid();

    public void Dispose() => journal.Note("scope ends");
}

public sealed class HttpFunctions(Journal journal, Scoped scoped)
{
    [Function("Greet")]
    public static IResult Greet(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "greet/{name}/{times:int}")] HttpRequest request,
        string name,
        int times
    ) => Results.Ok(string.Join(' ', Enumerable.Repeat($"{request.Query["word"]} {name}", times)));

    [Function("Find")]
    public static async Task<IResult> Find(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "things/{id:guid}")] HttpRequest request,
        Guid id,
        CancellationToken cancellation
    )
    {
        await Task.Yield();
        cancellation.ThrowIfCancellationRequested();
        return Results.Text(id.ToString("N", CultureInfo.InvariantCulture), request.ContentType);
    }

    [Function("Put")]
    public static IResult Put(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", "post", Route = "things/{id}")] HttpRequest request,
        string id
    ) => Results.Created($"{request.Path}", id);

    [Function("Number")]
    public static IResult Number(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "numbers/{number}")] HttpRequest request,
        int number
    ) => Results.Text($"{request.Method} {number}");

    [Function("Unrouted")]
    public async Task Unrouted([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request, FunctionContext context)
    {
        var scope =
            scoped.Id == ((Scoped)context.InstanceServices.GetService(typeof(Scoped))!).Id
                ? "same scope"
                : "other scope";
        await request.HttpContext.Response.WriteAsync($"{context.FunctionDefinition.Name} in the {scope} {scoped.Id}");
    }

    [Function("Break")]
    public static IResult Break(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "break")] HttpRequest request
    ) => throw new InvalidOperationException($"the secret of {request.Path}");

    /// <summary>Answers with its invocation's id, after the caller has said whose turn it is.</summary>
    [Function("Slow")]
    public async Task<IResult> Slow(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "slow/{name}")] HttpRequest request,
        string name,
        FunctionContext context
    )
    {
        journal.Note($"slow {name}");
        while (!journal.Lines.Contains($"go {name}"))
            await Task.Delay(10, request.HttpContext.RequestAborted);
        return Results.Ok($"{name} {context.InvocationId}");
    }

    /// <summary>Waits until its caller hangs up.</summary>
    [Function("Endless")]
    public async Task Endless(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "endless")] HttpRequest request,
        CancellationToken cancellation
    )
    {
        journal.Note("endless begins");
        using var either = CancellationTokenSource.CreateLinkedTokenSource(
            cancellation,
            request.HttpContext.RequestAborted
        );
        try
        {
            await Task.Delay(Timeout.Infinite, either.Token);
        }
        finally
        {
            journal.Note(cancellation.IsCancellationRequested ? "endless is cancelled" : "endless is cut");
        }
    }

    [Function("Echo")]
    public static async Task<IResult> Echo(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "echo")] HttpRequest request
    )
    {
        using var copy = new MemoryStream();
        await request.Body.CopyToAsync(copy, request.HttpContext.RequestAborted);
        return Results.Bytes(copy.ToArray(), request.ContentType);
    }

    /// <summary>Breaks when half of its answer is on its way.</summary>
    [Function("BreakLate")]
    public static async Task BreakLate(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "break-late")] HttpRequest request
    )
    {
        await request.HttpContext.Response.WriteAsync("half of it");
        await request.HttpContext.Response.Body.FlushAsync();
        throw new InvalidOperationException("the other half is lost");
    }

    [Function("StartFacts")]
    public static async Task<IResult> StartFacts(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "facts/{id}")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client
    )
    {
        try
        {
            await client.ScheduleNewOrchestrationInstanceAsync(
                nameof(Orchestrations.Facts),
                new StartOrchestrationOptions(id),
                request.HttpContext.RequestAborted
            );
            return Results.Accepted();
        }
        catch (OrchestrationAlreadyExistsException)
        {
            return Results.Conflict();
        }
    }
}
