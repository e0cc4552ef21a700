using System.Diagnostics;
using JitFunctions.EmbeddedHost.History;

namespace JitFunctions.EmbeddedHost.Tracing;

/// <summary>
/// The spans of the orchestrations, with the names and tags of Durable Task's own
/// (https://github.com/microsoft/durabletask-dotnet/tree/main/src/Shared/Grpc/Tracing), so that traces of both hosts
/// read the same. The client's spans, <c>create_orchestration</c> and <c>orchestration_event</c>, come from Durable
/// Task itself, and those of the functions from the Functions worker. Times, names and ids only: neither inputs nor
/// messages of exceptions.
/// </summary>
internal static class Spans
{
    /// <summary>Of orchestrations and activities.</summary>
    public const string Source = "Microsoft.DurableTask";

    private static readonly ActivitySource Durable = new(Source);

    /// <summary>
    /// One turn, which happens once however often its history is replayed afterwards. Its parent is the start of the
    /// instance; who raised the events that it consumes is linked, as that is another's trace.
    /// </summary>
    /// <param name="parent">The traceparent of whoever started the instance.</param>
    /// <param name="raisers">The traceparents of those who raised events.</param>
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

    /// <param name="parent">The turn that called it.</param>
    public static Activity? Call(string activity, string instance, string? parent) =>
        Run($"activity:{activity}", parent, Tags("activity", activity, instance), []);

    public static void Fail(this Activity? span, string errorType) =>
        span?.SetTag("error.type", errorType).SetStatus(ActivityStatusCode.Error);

    // Without anybody to tell there is an Activity all the same, so that logs and events have the trace's id.
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
