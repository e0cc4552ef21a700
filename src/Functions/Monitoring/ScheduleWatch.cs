using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace JitFunctions.Functions.Monitoring;

/// <summary>Records when each timer function finished or failed on this node.</summary>
internal sealed class ScheduleWatch(NodeHealth seen) : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        try
        {
            await next(context);
            seen.ScheduleFinished(context.FunctionDefinition.Name);
        }
        catch (Exception) when (!context.CancellationToken.IsCancellationRequested)
        {
            seen.ScheduleFailed(context.FunctionDefinition.Name);
            throw;
        }
    }
}
