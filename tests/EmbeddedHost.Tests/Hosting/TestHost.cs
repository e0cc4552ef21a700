using Microsoft.AspNetCore.Builder;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace JitFunctions.EmbeddedHost.Tests.Hosting;

/// <summary>A node in this process, with the functions of this assembly.</summary>
public sealed class TestHost : IAsyncDisposable
{
    /// <summary>No machine is so busy that a node loses it against its will, and does its work twice.</summary>
    public const string NodeLease = "00:02:00";

    private readonly IHost _host;

    private TestHost(IHost host) => _host = host;

    public IServiceProvider Services => _host.Services;

    public DurableTaskClient Client => Services.GetRequiredService<DurableTaskClient>();

    public Journal Journal => Services.GetRequiredService<Journal>();

    public LogLines Log => Services.GetRequiredService<LogLines>();

    public HttpClient Http => new() { BaseAddress = new Uri(((WebApplication)_host).Urls.First()) };

    public static async Task<TestHost> StartAsync(
        string? connectionString, Action<FunctionsApplicationBuilder>? configure = null, params (string Key, string Value)[] settings)
    {
        var builder = FunctionsApplication.CreateBuilder(["--urls", "http://127.0.0.1:0"]);
        builder.ConfigureFunctionsWebApplication();
        builder.Configuration["EmbeddedHost:NodeLease"] = NodeLease;
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, string? (setting) => setting.Value));
        if (connectionString is not null)
            builder.Configuration["ConnectionStrings:Postgres"] = connectionString;
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<Journal>();
        builder.Services.AddSingleton<LogLines>();
        builder.Services.AddSingleton<ILoggerProvider>(services => services.GetRequiredService<LogLines>());
        configure?.Invoke(builder);

        var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        return new TestHost(host);
    }

    /// <summary>Starts an orchestration and returns what became of it.</summary>
    public async Task<OrchestrationMetadata> RunAsync(string orchestrator, object? input = null)
    {
        var id = await Client.ScheduleNewOrchestrationInstanceAsync(orchestrator, input, TestContext.Current.CancellationToken);
        return await CompletionAsync(id);
    }

    public Task<OrchestrationMetadata> CompletionAsync(string id)
        => Client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true, TestContext.Current.CancellationToken)
            .WaitAsync(Eventually.Deadline, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        await ((IAsyncDisposable)_host).DisposeAsync();
    }
}
