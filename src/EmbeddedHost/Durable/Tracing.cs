using System.Diagnostics;
using JitFunctions.EmbeddedHost.Durable.Replay;

namespace JitFunctions.EmbeddedHost.Durable;

/// <summary>
/// The spans of the engine, with the names and tags of Durable Task's own
/// (https://github.com/microsoft/durabletask-dotnet/tree/main/src/Shared/Grpc/Tracing), so that traces of both hosts read the same.
/// Times, names and ids only: neither inputs nor messages of exceptions.
/// </summary>
internal static class Tracing
{
    /// <summary>Of orchestrations and activities.</summary>
    public const string DurableSource = "Microsoft.DurableTask";

    /// <summary>Of timer functions, as in the Functions worker.</summary>
    public const string WorkerSource = "Microsoft.Azure.Functions.Worker";

    private static readonly ActivitySource Durable = new(DurableSource);
    private static readonly ActivitySource Worker = new(WorkerSource);

    /// <summary>A client starts an instance. The instance's whole life belongs to the trace that goes on here.</summary>
    public static Activity? Create(string orchestrator, string instance) => Durable.StartActivity(
        $"create_orchestration:{orchestrator}", ActivityKind.Producer, default(ActivityContext), Tags("orchestration", orchestrator, instance));

    /// <summary>A client raises an event.</summary>
    public static Activity? Raise(string name, string instance) => Durable.StartActivity(
        $"orchestration_event:{name}",
        ActivityKind.Producer,
        default(ActivityContext),
        [new("durabletask.type", "event"), new("durabletask.task.name", name), new("durabletask.event.target_instance_id", instance)]);

    /// <summary>
    /// One turn, which happens once however often its history is replayed afterwards. Its parent is the start of the instance; who
    /// raised the events that it consumes is linked, as that is another's trace.
    /// </summary>
    public static Activity? Turn(Instance instance, string? parent, IReadOnlyList<Message> messages)
    {
        List<ActivityLink> links = [];
        foreach (var raised in messages.OfType<EventRaised>())
        {
            if (ActivityContext.TryParse(raised.Trace, null, isRemote: true, out var raiser))
                links.Add(new ActivityLink(raiser));
        }

        return Run(Durable, $"orchestration:{instance.Name}", ActivityKind.Server, parent, Tags("orchestration", instance.Name, instance.Id), links);
    }

    /// <param name="parent">The turn that called it.</param>
    public static Activity? Call(string activity, string instance, string? parent) =>
        Run(Durable, $"activity:{activity}", ActivityKind.Server, parent, Tags("activity", activity, instance), []);

    /// <summary>A timer function begins a trace of its own.</summary>
    public static Activity? Timer(string function) => Run(
        Worker, $"function {function}", ActivityKind.Internal, null, [new("faas.name", function), new("faas.trigger", "timer")], []);

    public static void Fail(this Activity? span, string errorType) => span?.SetTag("error.type", errorType).SetStatus(ActivityStatusCode.Error);

    // Without anybody to tell there is an Activity all the same, so that logs and events have the trace's id.
    private static Activity? Run(
        ActivitySource source, string name, ActivityKind kind, string? parent, KeyValuePair<string, object?>[] tags, List<ActivityLink> links)
    {
        ActivityContext.TryParse(parent, null, isRemote: true, out var context);
        if (source.StartActivity(name, kind, context, tags, links) is { } span)
            return span;
        var unseen = new Activity(name);
        if (parent is not null)
            unseen.SetParentId(parent);
        return unseen.Start();
    }

    private static KeyValuePair<string, object?>[] Tags(string type, string name, string instance) =>
        [new("durabletask.type", type), new("durabletask.task.name", name), new("durabletask.task.instance_id", instance)];
}
