using JitFunctions.EmbeddedHost.Functions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing.Constraints;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JitFunctions.EmbeddedHost.Http;

/// <summary>Routes HTTP calls to functions.</summary>
internal static class HttpFunctions
{
    /// <exception cref="InvalidOperationException">A function wants an authorization level that this host does not have.</exception>
    public static void Map(WebApplication app, FunctionCatalog catalog)
    {
        var prefix = app.Services.GetRequiredService<HostJson>().RoutePrefix;
        var invoker = app.Services.GetRequiredService<FunctionInvoker>();
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(HttpFunctions));
        foreach (var (function, trigger) in catalog.With<HttpTriggerAttribute>())
        {
            if (trigger.AuthLevel != AuthorizationLevel.Anonymous)
            {
                throw new InvalidOperationException(
                    $"Function '{function.Name}' has AuthorizationLevel.{trigger.AuthLevel}, but this host has no function keys: "
                    + "use AuthorizationLevel.Anonymous and authenticate in middleware.");
            }

            app.Map(Pattern($"{prefix}/{trigger.Route ?? function.Name}", trigger.Methods), http => HandleAsync(http, function, invoker, logger))
                .WithDisplayName(function.Name);
        }
    }

    // As a constraint, a method that does not match is no route (404), as on Azure, rather than a 405.
    private static RoutePattern Pattern(string template, string[]? methods)
        => methods is { Length: > 0 }
            ? RoutePatternFactory.Parse(template, null, new { httpMethod = new HttpMethodRouteConstraint(methods) })
            : RoutePatternFactory.Parse(template);

    private static async Task HandleAsync(HttpContext http, FunctionDescriptor function, FunctionInvoker invoker, ILogger logger)
    {
        try
        {
            var trigger = new Trigger(http, http.Request.RouteValues);
            var invocation = new Invocation(function, trigger, http.RequestServices, function.CallAsync, http.RequestAborted);
            invocation.Items[InvocationItems.HttpContext] = http;
            switch (await invoker.InvokeAsync(invocation))
            {
                case IResult result:
                    await result.ExecuteAsync(http);
                    break;
                case not null:
                    throw new InvalidOperationException($"Function '{function.Name}' must return an IResult, or nothing.");
            }
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The caller hung up: nobody is there to answer.
        }
        catch (RouteValueException)
        {
            Answer(http, StatusCodes.Status404NotFound);
        }
        catch (BadHttpRequestException bad)
        {
            Answer(http, bad.StatusCode);
        }
        catch (Exception exception)
        {
            logger.LogError(exception, "Function {Function} failed", function.Name);
            Answer(http, StatusCodes.Status500InternalServerError);
        }
    }

    private static void Answer(HttpContext http, int status)
    {
        if (http.Response.HasStarted)
        {
            http.Abort();
            return;
        }

        http.Response.Clear();
        http.Response.StatusCode = status;
    }
}
