using System.Text.Json;
using JitFunctions.EmbeddedHost.Protocol;
using JitFunctions.EmbeddedHost.Settings;
using JitFunctions.EmbeddedHost.Worker;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing.Constraints;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.Configuration;

namespace JitFunctions.EmbeddedHost.Http;

/// <summary>
/// Runs before the worker's own pipeline in the same server and does what the Functions host does as a proxy: it finds
/// the function, tells the worker to invoke it, and forwards the request with the invocation's id.
/// </summary>
internal sealed class HttpFront(
    FunctionWorker worker,
    HostEndpoint endpoint,
    HostJson hostJson,
    IConfiguration configuration
) : IStartupFilter
{
    /// <summary>
    /// The worker finds the request of an invocation by this header. It is always set here; a value from the caller is
    /// overwritten.
    /// </summary>
    private const string InvocationIdHeader = "x-ms-invocation-id";

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) =>
        app =>
        {
            // By default the worker would listen for a Functions host, on a port that it chooses itself.
            var addresses = app.ServerFeatures.GetRequiredFeature<IServerAddressesFeature>().Addresses;
            addresses.Clear();
            foreach (var address in ListenAddresses.From(configuration))
                addresses.Add(address);

            var workersApp = app.New();
            next(workersApp);
            var workersPipeline = workersApp.Build();

            app.UseRouting();
            app.UseEndpoints(routes =>
            {
                foreach (var function in worker.Functions.With("httpTrigger"))
                    routes
                        .Map(Pattern(function), http => HandleAsync(http, function, workersPipeline))
                        .WithDisplayName(function.Name);
            });
        };

    // As a route constraint, a wrong HTTP method gives 404 as on Azure, not 405.
    private RoutePattern Pattern(Function function)
    {
        var template = $"{hostJson.RoutePrefix}/{function["route"] ?? function.Name}";
        var methods =
            function.Trigger.TryGetProperty("methods", out var listed) && listed.ValueKind == JsonValueKind.Array
                ? listed.EnumerateArray().Select(method => method.GetString()!).ToArray()
                : [];
        return methods is []
            ? RoutePatternFactory.Parse(template)
            : RoutePatternFactory.Parse(template, null, new { httpMethod = new HttpMethodRouteConstraint(methods) });
    }

    private async Task HandleAsync(HttpContext http, Function function, RequestDelegate workersPipeline)
    {
        var request = function.Request(
            new TypedData
            {
                Http = new RpcHttp { Method = http.Request.Method, Url = http.Request.Path },
            },
            endpoint.DurableClient,
            http.Request.RouteValues.Select(value => (value.Key, value.Value?.ToString() ?? string.Empty))
        );
        http.Request.Headers[InvocationIdHeader] = request.InvocationId;
        // The worker's pipeline has its own routing.
        http.SetEndpoint(null);
        http.Request.RouteValues = [];

        var invocation = worker.InvokeAsync(request, http.RequestAborted);
        await workersPipeline(http);
        // The worker has already logged the failure.
        if ((await invocation).Result.Status == StatusResult.Types.Status.Success)
            return;
        if (http.Response.HasStarted)
            http.Abort();
        else
            http.Response.StatusCode = StatusCodes.Status500InternalServerError;
    }
}
