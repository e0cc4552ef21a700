using JitFunctions.EmbeddedHost.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace JitFunctions.EmbeddedHost.Tests.SampleFunctions;

public sealed class Outer(Journal journal) : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        var trigger = context.FunctionDefinition.InputBindings.Values.Single(binding =>
            binding.Type.EndsWith("Trigger", StringComparison.Ordinal)
        );
        journal.Note($"outer {context.FunctionDefinition.Name} {trigger.Type}");
        await next(context);
    }
}

/// <summary>
/// Answers in place of the function when the caller asks for it, and turns one kind of exception into an answer.
/// </summary>
public sealed class HttpOnly(Journal journal) : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        journal.Note($"inner {context.FunctionDefinition.Name}");
        var http = context.GetHttpContext()!;
        if (http.Request.Headers.ContainsKey("X-Refuse"))
        {
            context.GetInvocationResult().Value = Results.StatusCode(StatusCodes.Status403Forbidden);
            return;
        }

        try
        {
            await next(context);
        }
        catch (InvalidOperationException) when (http.Request.Headers.ContainsKey("X-Teapot"))
        {
            context.GetInvocationResult().Value = Results.StatusCode(StatusCodes.Status418ImATeapot);
        }
    }
}
