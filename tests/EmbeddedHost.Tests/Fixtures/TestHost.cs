using System.Diagnostics;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using JitFunctions.EmbeddedHost.Tests.SampleFunctions;
using JitFunctions.EmbeddedHost.Tests.Support;
using JitFunctions.EmbeddedHost.Worker;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Client.Grpc;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace JitFunctions.EmbeddedHost.Tests.Fixtures;

/// <summary>A node in this process, with the functions of this assembly.</summary>
public sealed class TestHost : IAsyncDisposable
{
    /// <summary>No machine is so busy that a node loses it against its will, and does its work twice.</summary>
    public const string NodeLease = "00:02:00";

    private readonly IHost _host;
    private readonly GrpcChannel _channel;

    private TestHost(IHost host)
    {
        _host = host;
        _channel = GrpcChannel.ForAddress(
            Endpoint.Address,
            new GrpcChannelOptions { MaxReceiveMessageSize = null, MaxSendMessageSize = null }
        );
        Client = NewClient();
    }

    public IServiceProvider Services => _host.Services;

    /// <summary>Made as the worker makes what it binds to a <c>[DurableClient]</c>.</summary>
    public DurableTaskClient Client { get; }

    public Journal Journal => Services.GetRequiredService<Journal>();

    public LogLines Log => Services.GetRequiredService<LogLines>();

    public HttpClient Http =>
        new()
        {
            BaseAddress = new Uri(
                Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()
            ),
        };

    internal HostEndpoint Endpoint => Services.GetRequiredService<HostEndpoint>();

    public static async Task<TestHost> StartAsync(
        string? connectionString,
        Action<FunctionsApplicationBuilder>? configure = null,
        params (string Key, string Value)[] settings
    )
    {
        var builder = FunctionsApplication.CreateBuilder([]);
        builder.Configuration["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        builder.Configuration.AddInMemoryCollection(
            OptIn.Functions.Select(name => KeyValuePair.Create($"AzureWebJobs.{name}.Disabled", (string?)"true"))
        );
        builder.Configuration["EmbeddedHost:NodeLease"] = NodeLease;
        builder.Configuration.AddInMemoryCollection(
            settings.ToDictionary(setting => setting.Key, string? (setting) => setting.Value)
        );
        if (connectionString is not null)
            builder.Configuration["ConnectionStrings:Postgres"] = connectionString;
        builder.UseEmbeddedHost();
        builder.ConfigureFunctionsWebApplication();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<Journal>();
        builder.Services.AddSingleton<LogLines>();
        builder.Services.AddSingleton<ILoggerProvider>(services => services.GetRequiredService<LogLines>());
        configure?.Invoke(builder);

        var host = builder.Build();
        // What a host starts must not belong to the trace of the test.
        Activity.Current = null;
        try
        {
            await host.StartAsync(TestContext.Current.CancellationToken);
            return new TestHost(host);
        }
        catch
        {
            await StopAsync(host);
            throw;
        }
    }

    /// <summary>Starts an orchestration and returns what became of it.</summary>
    public async Task<OrchestrationMetadata> RunAsync(string orchestrator, object? input = null)
    {
        var id = await Client.ScheduleNewOrchestrationInstanceAsync(
            orchestrator,
            input,
            TestContext.Current.CancellationToken
        );
        return await CompletionAsync(id);
    }

    public async Task<OrchestrationMetadata> CompletionAsync(string id)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Eventually.Deadline);
        try
        {
            return await Client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true, limit.Token);
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            Assert.Fail($"Instance {id} has not completed. {Log.Tail}");
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        _channel.Dispose();
        await StopAsync(_host);
    }

    private static async Task StopAsync(IHost host)
    {
        await host.StopAsync(CancellationToken.None);
        if (host is IAsyncDisposable disposable)
            await disposable.DisposeAsync();
        else
            host.Dispose();
    }

    private GrpcDurableTaskClient NewClient()
    {
        var endpoint = Endpoint;
        var invoker = _channel.Intercept(headers =>
        {
            headers.Add("Durable-TaskHub", endpoint.Secret);
            return headers;
        });
        var worker = Services.GetRequiredService<IOptions<DurableTaskClientOptions>>().Value;
        var options = new GrpcDurableTaskClientOptions
        {
            CallInvoker = invoker,
            DataConverter = worker.DataConverter,
            EnableEntitySupport = worker.EnableEntitySupport,
        };
        return new GrpcDurableTaskClient(string.Empty, options, NullLogger.Instance);
    }
}
