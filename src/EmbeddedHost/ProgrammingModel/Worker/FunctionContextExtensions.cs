using JitFunctions.EmbeddedHost.Functions;
using Microsoft.AspNetCore.Http;

namespace Microsoft.Azure.Functions.Worker;

public static class FunctionContextExtensions
{
    /// <summary>The HTTP call behind this invocation, or null when another trigger started it.</summary>
    public static HttpContext? GetHttpContext(this FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Items.TryGetValue(InvocationItems.HttpContext, out var item) ? item as HttpContext : null;
    }
}

public static class FunctionContextBindingFeatureExtensions
{
    /// <summary>What the function returned. Middleware may replace it, for instance with the <c>IResult</c> of an error.</summary>
    public static InvocationResult GetInvocationResult(this FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Features.Get<InvocationResult>()
            ?? throw new InvalidOperationException("This FunctionContext was not made by the host, so it has no invocation result.");
    }
}

public abstract class InvocationResult : InvocationResult<object>;

public abstract class InvocationResult<T>
{
    public abstract T? Value { get; set; }
}
