using System.Diagnostics;
using Azure.Monitor.OpenTelemetry.Exporter;
using JitFunctions.Functions.Platform.AppIdentity;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using OpenTelemetry;
using OpenTelemetry.Context.Propagation;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace JitFunctions.Functions.Platform.Telemetry;

/// <summary>Configures the export of telemetry. Nothing is collected unless an exporter is configured.</summary>
internal static class TelemetryExport
{
    // The client of the orchestrations, on both hosts; on the embedded host the engine as well.
    private const string DurableTask = "Microsoft.DurableTask";

    /// <param name="sources">The sources of spans, in addition to those of the libraries.</param>
    public static void AddTelemetryExport(
        this IServiceCollection services,
        TelemetryOptions options,
        AppCredentials credentials,
        IEnumerable<string> sources,
        string meter
    )
    {
        if (!options.IsOn)
            return;

        // Without baggage: see TraceContextOnly.
        Sdk.SetDefaultTextMapPropagator(new TraceContextPropagator());
        services
            .AddOpenTelemetry()
            .UseFunctionsWorkerDefaults()
            .ConfigureResource(resource => resource.AddService(options.ServiceName, serviceVersion: AppVersion.Text))
            .WithTracing(traces =>
                traces
                    .AddSource([DurableTask, .. sources])
                    .AddNpgsql()
                    .AddProcessor(new ShortStatements())
                    .AddProcessor(new MessageRemoval())
                    .AddHttpClientInstrumentation(http => http.EnrichWithHttpRequestMessage = Redact)
                    .Export(options, credentials)
                    .SetSampler(new OriginSampler())
            )
            .WithMetrics(metrics => metrics.AddMeter(meter).Export(options, credentials));
    }

    // URLs contain names of people (Microsoft Graph) and keys (webhooks).
    private static void Redact(Activity span, HttpRequestMessage call) =>
        span.SetTag("url.full", call.RequestUri?.GetLeftPart(UriPartial.Authority));

    private static TracerProviderBuilder Export(
        this TracerProviderBuilder traces,
        TelemetryOptions options,
        AppCredentials credentials
    )
    {
        if (options.OtlpEndpoint is not null)
            traces.AddOtlpExporter();
        if (options.AzureMonitor is not null)
            traces.AddAzureMonitorTraceExporter(azure => Configure(azure, options, credentials));
        return traces;
    }

    private static MeterProviderBuilder Export(
        this MeterProviderBuilder metrics,
        TelemetryOptions options,
        AppCredentials credentials
    )
    {
        if (options.OtlpEndpoint is not null)
            metrics.AddOtlpExporter();
        if (options.AzureMonitor is not null)
            metrics.AddAzureMonitorMetricExporter(azure => Configure(azure, options, credentials));
        return metrics;
    }

    internal static void Configure(
        AzureMonitorExporterOptions azure,
        TelemetryOptions options,
        AppCredentials credentials
    )
    {
        azure.ConnectionString = options.AzureMonitor;
        azure.DisableOfflineStorage = true; // The file system may be read-only, and telemetry must not be stored on it.
        if (options.Identity is { } identity)
            azure.Credential = credentials.For(identity.ClientId);
    }
}
