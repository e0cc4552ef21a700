using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Entities;

namespace JitFunctions.EmbeddedHost.Tests.SampleFunctions;

/// <summary>What Durable Task has and this host does not.</summary>
public static class Unsupported
{
    [Function(nameof(CallsSub))]
    public static Task CallsSub([OrchestrationTrigger] TaskOrchestrationContext context) =>
        context.CallSubOrchestratorAsync<string[]>(nameof(Orchestrations.Facts));

    [Function(nameof(CallsEntity))]
    public static Task<int> CallsEntity([OrchestrationTrigger] TaskOrchestrationContext context) =>
        context.Entities.CallEntityAsync<int>(new EntityInstanceId(nameof(Counter), "one"), "get");

    [Function(nameof(SignalsEntity))]
    public static async Task SignalsEntity([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        await context.Entities.SignalEntityAsync(new EntityInstanceId(nameof(Counter), "one"), "add", 1);
        await context.CallActivityAsync(nameof(Activities.Grant), context.InstanceId);
    }

    [Function(nameof(SendsEvent))]
    public static async Task SendsEvent([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        context.SendEvent("other", "letter", "a");
        await context.CallActivityAsync(nameof(Activities.Grant), context.InstanceId);
    }

    [Function(nameof(Counter))]
    public static Task Counter([EntityTrigger] TaskEntityDispatcher dispatcher) =>
        dispatcher.DispatchAsync<CounterState>();

    private sealed class CounterState : TaskEntity<int>
    {
        public void Add(int amount) => State += amount;

        public int Get() => State;
    }
}
