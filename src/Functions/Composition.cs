using Azure.Core;
using Azure.Identity;
using JitFunctions.Functions.Clusters;
using JitFunctions.Functions.Directory;
using JitFunctions.Functions.Grants;
using JitFunctions.Functions.Notifications;
using JitFunctions.Functions.Policies;
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
        services.AddSingleton(_ => settings.Policies.Open());
        services.AddSingleton<PoliciesInForce>();
        services.AddSingleton<RequestJudge>();
        services.AddSingleton<WhoCan>();
        services.AddSingleton(_ => new ClusterConnections(settings.Clusters));

        services.AddSingleton(settings.Authentication);
        services.AddSingleton<IssuerKeys>();
        services.AddSingleton<TokenValidator>();

        services.AddDirectory(settings.Directory);
        services.AddSingleton(settings.Notifications);
        services.AddSingleton<Notifier>();

        services.AddEventStore(settings.Database, settings.CreateSchema);
        services.AddSingleton<SystemCommands>();
        services.AddSingleton<CallerCommands>();
        services.AddSingleton<ActivationReview>();
        services.AddSingleton<GrantActivation>();
        services.AddSingleton<GrantRenewal>();
        services.AddSingleton<GrantCredential>();
        services.AddSingleton<SkippedApprovers>();
        services.AddSingleton<GrantRevocation>();
        services.AddSingleton<ClusterDrift>();
        services.AddSingleton<RoleDrift>();
        services.AddSingleton<CredentialDrift>();
        return services;
    }

    private static void AddDirectory(this IServiceCollection services, DirectoryOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton<SeenTokens>();
        if (options.Graph.Endpoint is null)
        {
            services.AddSingleton<IDirectory, TokenDirectory>();
            return;
        }

        TokenCredential credential = new ManagedIdentityCredential(options.Graph.ManagedIdentityClientId is { Length: > 0 } id
            ? ManagedIdentityId.FromUserAssignedClientId(id)
            : ManagedIdentityId.SystemAssigned);
        services.AddSingleton(provider => new GraphCalls(options.Graph, credential, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IDirectory, GraphDirectory>();
    }

    public static void AddEventStore(this IServiceCollection services, string database, bool createSchema)
    {
        services.AddSingleton(_ => NpgsqlDataSource.Create(database));
        services.AddMarten(provider =>
        {
            var options = new StoreOptions();
            EventStore.Configure(options, provider.GetRequiredService<NpgsqlDataSource>(), createSchema);
            return options;
        });
    }
}
