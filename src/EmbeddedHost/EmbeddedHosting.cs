using JitFunctions.EmbeddedHost.Dispatch;
using JitFunctions.EmbeddedHost.Http;
using JitFunctions.EmbeddedHost.Nodes;
using JitFunctions.EmbeddedHost.Settings;
using JitFunctions.EmbeddedHost.Sidecar;
using JitFunctions.EmbeddedHost.Storage;
using JitFunctions.EmbeddedHost.Timers;
using JitFunctions.EmbeddedHost.Worker;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Instrumentation.Http;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace JitFunctions.EmbeddedHost;

/// <summary>Lets a function app be its own Functions host.</summary>
public static class EmbeddedHosting
{
    private const string HostEndpointSetting = "Functions:Worker:HostEndpoint";

    /// <summary>
    /// Runs the app's functions in this process, on PostgreSQL. Does nothing if a Functions host started the process.
    /// Call this before <c>ConfigureFunctionsWebApplication</c>, so that the server of HTTP calls starts last and stops
    /// first.
    /// </summary>
    public static void UseEmbeddedHost(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (builder.Configuration[HostEndpointSetting] is not null)
            return;

        var endpoint = new HostEndpoint();
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?>
            {
                [HostEndpointSetting] = endpoint.Address.OriginalString,
                ["Functions:Worker:RequestId"] = Guid.NewGuid().ToString(),
                ["Functions:Worker:WorkerId"] = endpoint.Secret,
                ["Functions:Worker:GrpcMaxMessageLength"] = $"{int.MaxValue}",
            }
        );
        // The worker's HTTP extension reads host.json in this folder. There is no other way to set the folder.
        Environment.SetEnvironmentVariable("FUNCTIONS_APPLICATION_DIRECTORY", AppContext.BaseDirectory);

        builder.Services.AddSingleton(endpoint);
        builder.Services.AddSingleton(static _ => HostJson.Read(AppContext.BaseDirectory));
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder
            .Services.AddOptions<EmbeddedHostOptions>()
            .BindConfiguration(EmbeddedHostOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        AddLogging(builder.Logging);
        AddTelemetry(builder.Services, endpoint);
        AddWorker(builder.Services);
        AddTaskHub(builder.Services);
        AddNode(builder.Services);
    }

    private static void AddLogging(ILoggingBuilder logging)
    {
        // The worker would send its log to the host, which is this process. So the log is written here.
        logging.ClearProviders().AddConsole();
        // At its default level ASP.NET Core logs the URL of every request, including the query.
        logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning).AddFilter("Grpc", LogLevel.Warning);
        // The worker's HTTP extension adds data protection. Nothing uses its keys, and it logs warnings that it has
        // none.
        logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.None);
        // A failed start also throws. The caller reports the exception, once.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        // The host itself logs how an instance ends. Durable Task would add three lines for each: scheduled, started,
        // completed.
        logging.AddFilter("Microsoft.DurableTask", LogLevel.Warning);
        // At Trace the Durable extension logs the name of the task hub, which is the endpoint's secret.
        logging.AddFilter("Microsoft.Azure.Functions.Worker.Extensions.DurableTask", LogLevel.Debug);
    }

    // Has an effect only if the app uses OpenTelemetry. It adds the HTTP calls, which on Azure the Functions host
    // reports.
    private static void AddTelemetry(IServiceCollection services, HostEndpoint endpoint)
    {
        services.ConfigureOpenTelemetryTracerProvider(traces => traces.AddAspNetCoreInstrumentation());
        services.ConfigureOpenTelemetryMeterProvider(metrics => metrics.AddMeter("Microsoft.AspNetCore.Hosting"));
        services.Configure<HttpClientTraceInstrumentationOptions>(http =>
        {
            var inner = http.FilterHttpRequestMessage;
            http.FilterHttpRequestMessage = call =>
                call.RequestUri?.Authority != endpoint.Address.Authority && inner?.Invoke(call) != false;
        });
    }

    private static void AddWorker(IServiceCollection services)
    {
        services.AddSingleton<FunctionWorker>();
        services.AddSingleton(WorkerService.Of<FunctionWorker>());
        services.AddSingleton<IStartupFilter, HttpFront>();
        services.AddHostedService<WorkerServer>();
        // Data protection (see above) would write keys to a home directory that may be read-only.
        services.Configure<KeyManagementOptions>(keys => keys.AutoGenerateKeys = false);
    }

    private static void AddTaskHub(IServiceCollection services)
    {
        services.AddSingleton<TaskHubDatabase>();
        services.AddSingleton<Schema>();
        services.AddKeyedSingleton<Func<string?, CancellationToken, Task>>(
            "schema",
            (provider, _) =>
                async (role, cancellation) =>
                {
                    var schema = provider.GetRequiredService<Schema>();
                    await schema.EnsureAsync(cancellation);
                    if (role is not null)
                        await schema.LetUseAsync(role, cancellation);
                }
        );
        services.AddSingleton<WorkQueue>();
        services.AddSingleton<InstanceStore>();
        services.AddSingleton<TurnCommit>();
        services.AddSingleton<ActivityStore>();
        services.AddSingleton<ClientStore>();
        services.AddSingleton<InstanceQueries>();
        services.AddSingleton<Purge>();
        services.AddSingleton<TimerStore>();
        services.AddSingleton<TaskHubSidecar>();
        services.AddSingleton(
            WorkerService.Of<TaskHubSidecar>(
                static (sidecar, host) => sidecar.Interceptors.Add<WorkerOnly>(host.GetRequiredService<HostEndpoint>())
            )
        );
    }

    private static void AddNode(IServiceCollection services)
    {
        services.AddSingleton<WakeUp>();
        services.AddSingleton<TurnWorker>();
        services.AddSingleton<ActivityWorker>();
        services.AddSingleton<INodeTask, Dispatcher>();
        services.AddSingleton<Schedules>();
        services.AddSingleton<INodeTask>(provider => provider.GetRequiredService<Schedules>());
        services.AddHostedService(provider => provider.GetRequiredService<Schedules>());
        services.AddSingleton<INodeTask, Housekeeping>();
        services.AddHostedService<Node>();
    }
}
