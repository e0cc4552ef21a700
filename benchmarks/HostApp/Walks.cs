using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace JitFunctions.HostApp;

public sealed record Stride(string Instance, int Number);

/// <summary>An orchestration of five activities, one after the other.</summary>
public sealed class Walks(Arrivals arrivals)
{
    private const int Steps = 5;

    [Function("Ready")]
    public static IResult Ready(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "ready")] HttpRequest request
    ) => Results.Text(request.Path);

    /// <summary>Answers when the last activity has run.</summary>
    [Function("StartWalk")]
    public async Task<IResult> StartAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "walks")] HttpRequest request,
        [DurableClient] DurableTaskClient client
    )
    {
        var id = Guid.NewGuid().ToString("n");
        var arrival = arrivals.Expect(id);
        await client.ScheduleNewOrchestrationInstanceAsync(
            nameof(Walk),
            input: null,
            new StartOrchestrationOptions(id),
            request.HttpContext.RequestAborted
        );
        await arrival;
        return Results.Ok();
    }

    /// <summary>How many instances there are whose status is one of those in the query.</summary>
    [Function("CountInstances")]
    public static async Task<IResult> CountAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "instances")] HttpRequest request,
        [DurableClient] DurableTaskClient client
    )
    {
        var statuses = request
            .Query["status"]
            .Select(status => Enum.Parse<OrchestrationRuntimeStatus>(status!))
            .ToArray();
        var count = 0;
        await foreach (var _ in client.GetAllInstancesAsync(new OrchestrationQuery { Statuses = statuses }))
            count++;
        return Results.Json(count);
    }

    [Function(nameof(Walk))]
    public static async Task Walk([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        for (var step = 1; step <= Steps; step++)
            await context.CallActivityAsync<int>(nameof(TakeStep), new Stride(context.InstanceId, step));
    }

    [Function(nameof(TakeStep))]
    public int TakeStep([ActivityTrigger] Stride stride)
    {
        if (stride.Number == Steps)
            arrivals.Reach(stride.Instance);
        return stride.Number;
    }
}
