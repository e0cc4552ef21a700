using JitFunctions.EmbeddedHost.Durable;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace Microsoft.Azure.Functions.Worker.OpenTelemetry;

public static class ConfigureFunctionsOpenTelemetry
{
    /// <summary>Adds the spans and metrics of the host itself: HTTP calls and timer functions, which on Azure the Functions host tells of.</summary>
    public static IOpenTelemetryBuilder UseFunctionsWorkerDefaults(this IOpenTelemetryBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder
            .WithTracing(traces => traces.AddAspNetCoreInstrumentation().AddSource(Tracing.WorkerSource))
            .WithMetrics(metrics => metrics.AddMeter("Microsoft.AspNetCore.Hosting"));
    }
}
