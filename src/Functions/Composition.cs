using JitFunctions.Functions.Clusters;
using JitFunctions.Functions.Grants;
using JitFunctions.Functions.Schedules;
using JitFunctions.Functions.Security;
using JitFunctions.Projections;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace JitFunctions.Functions;

/// <summary>What the functions are made of.</summary>
internal static class Composition
{
    public static IServiceCollection AddJitAccess(this IServiceCollection services, Settings settings)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(settings.Policies);
        services.AddSingleton(_ => new ClusterConnections(settings.Clusters));

        services.AddSingleton(settings.Authentication);
        services.AddSingleton<IssuerKeys>();
        services.AddSingleton<TokenValidator>();

        services.AddEventStore(settings);
        services.AddSingleton<SystemCommands>();
        services.AddSingleton<GrantActivation>();
        services.AddSingleton<GrantRevocation>();
        services.AddSingleton<ClusterDrift>();
        return services;
    }

    private static void AddEventStore(this IServiceCollection services, Settings settings)
    {
        services.AddSingleton(_ => NpgsqlDataSource.Create(settings.Database));
        services.AddMarten(provider =>
        {
            var options = new StoreOptions();
            EventStore.Configure(options, provider.GetRequiredService<NpgsqlDataSource>(), settings.CreateSchema);
            return options;
        });
    }
}
