using System.Diagnostics;
using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace JitFunctions.EmbeddedHost.Worker;

/// <summary>A gRPC service of this host for the worker.</summary>
/// <param name="Map">Maps the service and serves it with the instance from the host's service provider.</param>
internal sealed record WorkerService(
    Action<IServiceCollection, IServiceProvider> Add,
    Func<WebApplication, IEndpointConventionBuilder> Map
)
{
    public static WorkerService Of<T>(Action<GrpcServiceOptions<T>, IServiceProvider>? configure = null)
        where T : class =>
        new(
            (services, host) =>
                services
                    .AddSingleton(host.GetRequiredService<T>())
                    .AddGrpc()
                    .AddServiceOptions<T>(options => configure?.Invoke(options, host)),
            static app => app.MapGrpcService<T>()
        );
}

/// <summary>
/// Serves the gRPC services at the <see cref="HostEndpoint"/>, from before the worker starts until after it has
/// stopped.
/// </summary>
internal sealed class WorkerServer(HostEndpoint endpoint, IEnumerable<WorkerService> served, IServiceProvider services)
    : IHostedLifecycleService
{
    private static readonly TimeSpan StopTimeLimit = TimeSpan.FromSeconds(1);

    private WebApplication? _app;

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder
            .WebHost.UseKestrelCore()
            .UseSockets(sockets =>
            {
                sockets.CreateBoundListenSocket = _ => endpoint.Socket;
                // No service here blocks a thread, so received data can be processed on the thread that received it.
                sockets.UnsafePreferInlineScheduling = true;
            })
            .ConfigureKestrel(kestrel =>
                kestrel.Listen(endpoint.Socket.LocalEndPoint!, listen => listen.Protocols = HttpProtocols.Http2)
            );
        builder.Services.AddRoutingCore();
        builder.Services.AddGrpc(grpc => grpc.MaxReceiveMessageSize = grpc.MaxSendMessageSize = null);
        // The address of this server must not be logged, and the app logs its own start.
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        foreach (var provider in services.GetServices<ILoggerProvider>())
            builder.Logging.AddProvider(provider);
        // The server starts and stops with the app, and ignores signals to the process.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        // The traffic between the host and its worker is not traffic of the app, so it has no spans and no metrics.
        builder.Services.AddSingleton(new ActivitySource("JitFunctions.EmbeddedHost.Loopback"));
        builder.Services.AddSingleton(new DiagnosticListener("JitFunctions.EmbeddedHost.Loopback"));
        foreach (var service in served)
            service.Add(builder.Services, services);

        _app = builder.Build();
        _app.UseRouting();
        foreach (var service in served)
            service.Map(_app).DisableHttpMetrics();
        await _app.StartAsync(cancellationToken);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        if (_app is null)
            return;
        services.GetRequiredService<FunctionWorker>().Disconnect();
        using var limit = new CancellationTokenSource(StopTimeLimit);
        await _app.StopAsync(limit.Token);
        await _app.DisposeAsync();
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
