using System.Diagnostics;
using JitFunctions.Functions.Platform;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace JitFunctions.Functions.Http;

/// <summary>
/// Each call starts its own trace, whether or not it is exported: the trace id becomes the correlation id of the
/// events, which no caller may choose. The trace that the caller names and the host's trace are linked.
/// </summary>
public sealed class CallTrace : IFunctionsWorkerMiddleware
{
    public const string Source = "JitFunctions.Calls";

    private static readonly ActivitySource Spans = new(Source);

    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (FunctionAttributes.Has<UntracedAttribute>(context.FunctionDefinition.Name))
        {
            await next(context);
            return;
        }

        var outer = Activity.Current;
        using (Start(context.FunctionDefinition.Name, outer?.Context ?? Parse(context.TraceContext.TraceParent)))
            await next(context);
        Activity.Current = outer;
    }

    internal static Activity Start(string function, ActivityContext outer)
    {
        Activity.Current = null; // Otherwise it would be the parent, and determine the trace id.
        var (name, links) = ($"call {function}", outer == default ? (IEnumerable<ActivityLink>)[] : [new(outer)]);
        return Spans.StartActivity(name, ActivityKind.Internal, default(ActivityContext), tags: null, links)
            ?? new Activity(name).Start();
    }

    private static ActivityContext Parse(string? parent) =>
        ActivityContext.TryParse(parent, null, isRemote: true, out var host) ? host : default;
}
