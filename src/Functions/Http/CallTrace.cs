using System.Diagnostics;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace JitFunctions.Functions.Http;

/// <summary>
/// Each call is in a trace, whether or not it is sent anywhere, so that its events can name it. The Functions worker makes none
/// unless somebody listens; the host says in which trace it called.
/// </summary>
public sealed class CallTrace : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        using var call = Activity.Current is null ? Start(context.TraceContext.TraceParent) : null;
        await next(context);
    }

    private static Activity Start(string? parent)
    {
        var call = new Activity("call");
        if (ActivityContext.TryParse(parent, null, out var host))
            call.SetParentId(host.TraceId, host.SpanId, host.TraceFlags);
        return call.Start();
    }
}
