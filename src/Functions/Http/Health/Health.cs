using System.Diagnostics;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Azure.Functions.Worker;

namespace JitFunctions.Functions.Http.Health;

/// <summary>
/// Health endpoints for whatever monitors the processes. They need no token, and reveal only what works and what does
/// not.
/// </summary>
public sealed class Health(Readiness readiness)
{
    private const string RetryAfterSeconds = "5";

    /// <summary><c>GET /api/health</c>: whether the event store answers.</summary>
    [AllowAnonymous]
    [Untraced]
    [Function(nameof(Health))]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health")] HttpRequest http,
        CancellationToken cancellation
    )
    {
        LeaveUntraced(http.HttpContext);
        if ((await readiness.GetAsync(cancellation)).Database)
            return ApiJson.Result(new { status = "healthy" });
        http.HttpContext.Response.Headers.RetryAfter = RetryAfterSeconds;
        return Problems.Unavailable("store-unavailable", "The event store does not answer.");
    }

    /// <summary><c>GET /api/health/live</c>: that this process answers, whatever else is unavailable.</summary>
    [AllowAnonymous]
    [Untraced]
    [Function(nameof(HealthLive))]
    public static IResult HealthLive(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health/live")] HttpRequest http
    )
    {
        LeaveUntraced(http.HttpContext);
        return ApiJson.Result(new { status = "live" });
    }

    /// <summary><c>GET /api/health/ready</c>: whether this node should receive calls.</summary>
    [AllowAnonymous]
    [Untraced]
    [Function(nameof(HealthReady))]
    public async Task<IResult> HealthReady(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health/ready")] HttpRequest http,
        CancellationToken cancellation
    )
    {
        LeaveUntraced(http.HttpContext);
        var report = await readiness.GetAsync(cancellation);
        if (report.IsReady)
            return ApiJson.Result(new { status = "ready", components = report.Components() });
        http.HttpContext.Response.Headers.RetryAfter = RetryAfterSeconds;
        return Problems.NotReady(report.Components());
    }

    // Probes arrive every few seconds from several sides, and would be the majority of all traces.
    private static void LeaveUntraced(HttpContext http)
    {
        // The worker creates the function's span, and the call's span is connected with it only through the
        // traceparent.
        for (var span = http.Features.Get<IHttpActivityFeature>()?.Activity; span is not null; span = span.Parent)
            span.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        for (var span = Activity.Current; span is not null; span = span.Parent)
            span.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
    }
}
