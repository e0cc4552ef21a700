using System.Diagnostics;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace JitFunctions.Functions.Platform.Telemetry;

/// <summary>
/// Runs an activity in the trace that the host names. The Functions worker does this only when its spans are exported,
/// but the correlation id of the events comes from the trace in every case.
/// </summary>
internal sealed class HostTrace : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (Activity.Current is not null || context.TraceContext.TraceParent is not { Length: > 0 } parent)
        {
            await next(context);
            return;
        }

        using var activity = new Activity($"function {context.FunctionDefinition.Name}").SetParentId(parent).Start();
        await next(context);
    }
}
