using JitFunctions.Functions.Clusters;
using JitFunctions.Functions.Grants;
using JitFunctions.Functions.Policies;
using JitFunctions.Functions.Schedules;
using JitFunctions.Functions.Security;
using JitFunctions.Projections;
using Marten;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace JitFunctions.Functions;

/// <summary>What the functions are made of. Whatever is configured wrongly is said before the first call is taken.</summary>
internal static class Composition
{
    public static IServiceCollection AddJitAccess(this IServiceCollection services, IConfiguration configuration)
    {
        var policyPath = configuration["Policies:Path"] ?? throw new InvalidPolicyException(["Policies:Path is not set: name the policy file."]);

        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(PolicyFile.Load(policyPath));
        services.AddSingleton(ClusterConnections.Create(configuration.GetSection(ClusterOptions.Section).Get<Dictionary<string, ClusterOptions>>() ?? []));

        services.AddOptions<AuthenticationOptions>()
            .BindConfiguration(AuthenticationOptions.Section)
            .ValidateDataAnnotations()
            .Validate(options => options.RequireHttps || options.Authority.IsLoopback, "Authentication:RequireHttps may be false for a loopback authority only.")
            .ValidateOnStart();
        services.AddSingleton<TokenValidator>();

        services.AddEventStore(configuration);
        services.AddSingleton<SystemCommands>();
        services.AddSingleton<GrantActivation>();
        services.AddSingleton<GrantRevocation>();
        services.AddSingleton<ClusterDrift>();
        return services;
    }

    private static void AddEventStore(this IServiceCollection services, IConfiguration configuration)
    {
        var connectionString = configuration.GetConnectionString("Postgres")
            ?? throw new InvalidOperationException("ConnectionStrings:Postgres is not set: name the database of the event store.");

        services.AddSingleton(_ => NpgsqlDataSource.Create(connectionString));
        services.AddMarten(provider =>
        {
            var options = new StoreOptions();
            EventStore.Configure(options, provider.GetRequiredService<NpgsqlDataSource>(), configuration.GetValue("EventStore:CreateSchema", false));
            return options;
        });
    }
}
