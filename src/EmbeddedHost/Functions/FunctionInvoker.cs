using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JitFunctions.EmbeddedHost.Functions;

/// <summary>Runs one invocation: the middleware and, inside of it, the function.</summary>
internal sealed class FunctionInvoker(MiddlewarePipeline pipeline, IServiceScopeFactory scopes, ILogger<FunctionInvoker> logger)
{
    private readonly FunctionExecutionDelegate _run = pipeline.Around(static context => ((Invocation)context).RunBodyAsync());

    /// <summary>Runs in a scope of its own.</summary>
    /// <param name="body">What to run in place of the function's method; null for the method.</param>
    public async Task<object?> InvokeAsync(
        FunctionDescriptor function, Trigger trigger, Func<Invocation, Task<object?>>? body, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await InvokeAsync(new Invocation(function, trigger, scope.ServiceProvider, body ?? function.CallAsync, cancellation));
    }

    public async Task<object?> InvokeAsync(Invocation invocation)
    {
        using var scope = logger.BeginScope("{Function} {InvocationId}", invocation.FunctionDefinition.Name, invocation.InvocationId);
        await _run(invocation);
        return invocation.ReturnValue;
    }
}
