using System.Diagnostics;
using JitFunctions.EmbeddedHost.History;

namespace JitFunctions.EmbeddedHost.Tracing;

/// <summary>
/// The spans of the orchestrations, with the names and tags of Durable Task's own
/// (https://github.com/microsoft/durabletask-dotnet/tree/main/src/Shared/Grpc/Tracing), so that traces of both hosts
/// look the same. The client's spans, <c>create_orchestration</c> and <c>orchestration_event</c>, come from Durable
/// Task itself, and those of the functions from the Functions worker. Spans contain times, names and ids only, no
/// inputs and no exception messages.
/// </summary>
internal static class Spans
{
    /// <summary>The source of the spans of orchestrations and activities.</summary>
    public const string Source = "Microsoft.DurableTask";

    private static readonly ActivitySource Durable = new(Source);

    /// <summary>
    /// The span of one turn. It is created once, however often the history is replayed later. Its parent is the start
    /// of the instance. The traces of the callers that raised the consumed events are links, because those are other
    /// traces.
    /// </summary>
    /// <param name="parent">The traceparent of the caller that started the instance.</param>
    /// <param name="raisers">The traceparents of the callers that raised events.</param>
    public static Activity? Turn(Instance instance, string? parent, IEnumerable<string?> raisers)
    {
        List<ActivityLink> links = [];
        foreach (var raiser in raisers)
        {
            if (ActivityContext.TryParse(raiser, null, isRemote: true, out var context))
                links.Add(new ActivityLink(context));
        }

        return Run($"orchestration:{instance.Name}", parent, Tags("orchestration", instance.Name, instance.Id), links);
    }

    /// <param name="parent">The traceparent of the turn that called the activity.</param>
    public static Activity? Call(string activity, string instance, string? parent) =>
        Run($"activity:{activity}", parent, Tags("activity", activity, instance), []);

    public static void Fail(this Activity? span, string errorType) =>
        span?.SetTag("error.type", errorType).SetStatus(ActivityStatusCode.Error);

    // An Activity is created even without a listener, so that logs and events have the trace id.
    private static Activity? Run(
        string name,
        string? parent,
        KeyValuePair<string, object?>[] tags,
        List<ActivityLink> links
    )
    {
        ActivityContext.TryParse(parent, null, isRemote: true, out var context);
        if (Durable.StartActivity(name, ActivityKind.Server, context, tags, links) is { } span)
            return span;
        var unseen = new Activity(name);
        if (parent is not null)
            unseen.SetParentId(parent);
        return unseen.Start();
    }

    private static KeyValuePair<string, object?>[] Tags(string type, string name, string instance) =>
        [
            new("durabletask.type", type),
            new("durabletask.task.name", name),
            new("durabletask.task.instance_id", instance),
        ];
}
