using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace JitFunctions.HostApp;

/// <summary>Orchestrations that wait for a moment.</summary>
public sealed class Naps(Arrivals arrivals)
{
    /// <summary>
    /// Starts <c>count</c> of them, due <c>spacing</c> milliseconds after each other, the first after <c>lead</c>
    /// milliseconds. Answers with how many milliseconds after its moment each went on.
    /// </summary>
    [Function("StartNaps")]
    public async Task<IResult> StartAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "naps")] HttpRequest request,
        [DurableClient] DurableTaskClient client
    )
    {
        var first = Arrivals.Now.AddMilliseconds(Number("lead"));
        var late = await Task.WhenAll(
            Enumerable
                .Range(0, Number("count"))
                .Select(i => LatenessAsync(first.AddMilliseconds(i * Number("spacing"))))
        );
        return Results.Json(late);

        int Number(string name) => int.Parse(request.Query[name]!, CultureInfo.InvariantCulture);

        async Task<double> LatenessAsync(DateTime due)
        {
            // The moment is in the id: revisions differ in how an orchestrator should take its input.
            var id = string.Create(CultureInfo.InvariantCulture, $"{due.Ticks}-{Guid.NewGuid():n}");
            var arrival = arrivals.Expect(id);
            await client.ScheduleNewOrchestrationInstanceAsync(
                nameof(Nap),
                input: null,
                new StartOrchestrationOptions(id)
            );
            return (await arrival - due).TotalMilliseconds;
        }
    }

    // What follows the timer runs once and is not replayed: the turn ends the orchestration.
    [Function(nameof(Nap))]
    public async Task Nap([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var due = long.Parse(context.InstanceId.Split('-')[0], CultureInfo.InvariantCulture);
        await context.CreateTimer(new DateTime(due, DateTimeKind.Utc), CancellationToken.None);
        arrivals.Reach(context.InstanceId);
    }
}
