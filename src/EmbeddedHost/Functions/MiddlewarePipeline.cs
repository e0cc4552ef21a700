using Microsoft.Azure.Functions.Worker.Middleware;

namespace JitFunctions.EmbeddedHost.Functions;

/// <summary>The middleware in order of registration; the first one is the outermost.</summary>
internal sealed class MiddlewarePipeline
{
    private readonly List<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> _middleware = [];

    public void Add(Func<FunctionExecutionDelegate, FunctionExecutionDelegate> middleware) => _middleware.Add(middleware);

    public FunctionExecutionDelegate Around(FunctionExecutionDelegate function)
        => Enumerable.Reverse(_middleware).Aggregate(function, (next, middleware) => middleware(next));
}
