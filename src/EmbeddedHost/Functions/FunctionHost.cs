using System.Text.Json;
using JitFunctions.EmbeddedHost.Durable.Client;
using JitFunctions.EmbeddedHost.Durable.Dispatch;
using JitFunctions.EmbeddedHost.Durable.Replay;
using JitFunctions.EmbeddedHost.Durable.Storage;
using JitFunctions.EmbeddedHost.Http;
using JitFunctions.EmbeddedHost.Timers;
using Microsoft.AspNetCore.Builder;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace JitFunctions.EmbeddedHost.Functions;

/// <summary>What the builder adds to the app's services, and what it does once they are built.</summary>
internal static class FunctionHost
{
    public static void AddFunctionHost(this IServiceCollection services, MiddlewarePipeline pipeline)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<EmbeddedHostOptions>().BindConfiguration(EmbeddedHostOptions.Section).ValidateDataAnnotations();

        services.AddSingleton(pipeline);
        services.AddSingleton(HostJson.Read(AppContext.BaseDirectory));
        services.AddSingleton(provider => new FunctionCatalog(
            FunctionCatalog.AppAssemblies(), provider.GetRequiredService<IConfiguration>()));
        services.AddSingleton<FunctionInvoker>();

        // The worker's default; an app that configures JsonSerializerOptions does so for either host.
        services.Configure<JsonSerializerOptions>(options => options.PropertyNameCaseInsensitive = true);
        services.AddSingleton<DataConverter, JsonDataConverter>();
        services.AddSingleton<DurableTaskClient, EmbeddedDurableTaskClient>();

        services.AddSingleton<DurableDatabase>();
        services.AddSingleton<Schema>();
        services.AddKeyedSingleton<Func<string?, CancellationToken, Task>>("schema", (provider, _) => async (role, cancellation) =>
        {
            var schema = provider.GetRequiredService<Schema>();
            await schema.EnsureAsync(cancellation);
            if (role is not null)
                await schema.LetUseAsync(role, cancellation);
        });
        services.AddSingleton<WorkQueue>();
        services.AddSingleton<InstanceStore>();
        services.AddSingleton<TurnCommit>();
        services.AddSingleton<ActivityStore>();
        services.AddSingleton<ClientStore>();
        services.AddSingleton<InstanceQueries>();
        services.AddSingleton<Purge>();
        services.AddSingleton<TimerStore>();

        services.AddSingleton<Replayer>();
        services.AddSingleton<WakeUp>();
        services.AddSingleton<TurnWorker>();
        services.AddSingleton<ActivityWorker>();
        services.AddSingleton<Schedules>();
        services.AddSingleton<Housekeeping>();
        services.AddHostedService<Node>();
    }

    public static void UseFunctionHost(this WebApplication app, bool servesHttp)
    {
        var catalog = app.Services.GetRequiredService<FunctionCatalog>();
        if (catalog.NeedsDatabase)
            app.Services.GetRequiredService<DurableDatabase>().Configure();
        app.Services.GetRequiredService<Schedules>();

        if (servesHttp)
            HttpFunctions.Map(app, catalog);
        else if (catalog.With<HttpTriggerAttribute>().Any())
            throw new InvalidOperationException("The app has HTTP functions: call ConfigureFunctionsWebApplication() on its builder.");
    }
}
