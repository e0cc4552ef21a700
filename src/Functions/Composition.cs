using System.Diagnostics;
using JitFunctions.Functions.Actions;
using JitFunctions.Functions.Clusters;
using JitFunctions.Functions.EventHubs;
using JitFunctions.Functions.Http;
using JitFunctions.Functions.Http.Health;
using JitFunctions.Functions.Http.Requests;
using JitFunctions.Functions.Lifecycle;
using JitFunctions.Functions.Log;
using JitFunctions.Functions.Monitoring;
using JitFunctions.Functions.Notices;
using JitFunctions.Functions.Platform.AppIdentity;
using JitFunctions.Functions.Platform.Directory;
using JitFunctions.Functions.Platform.Notifications;
using JitFunctions.Functions.Platform.SignIn;
using JitFunctions.Functions.Platform.Telemetry;
using JitFunctions.Functions.Policies;
using JitFunctions.Functions.Reconciliation;
using JitFunctions.Projections;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace JitFunctions.Functions;

/// <summary>Registers the services of the functions.</summary>
internal static class Composition
{
    /// <summary>Connections for activities and schedules, on one node.</summary>
    public const int SystemConnections = 20;

    /// <summary>
    /// Connections for HTTP calls, on one node, when the connection string has no <c>Maximum Pool Size</c>.
    /// </summary>
    public const int ApiConnections = 40;

    internal static readonly IReadOnlyList<string> SpanSources =
    [
        ClusterTracing.Source,
        EventWatch.Source,
        CallTrace.Source,
    ];

    public static IServiceCollection AddJitAccess(this IServiceCollection services, Settings settings)
    {
        // This applies with or without telemetry: .NET propagates the trace context of a call by itself.
        DistributedContextPropagator.Current = new TraceContextOnly(
            DistributedContextPropagator.CreateDefaultPropagator()
        );
        services.AddSingleton(TimeProvider.System);
        var credentials = new AppCredentials(settings.Identity, TimeProvider.System);
        services.AddSingleton(_ => settings.Policies.Open(credentials));
        services.AddSingleton<PolicyPublisher>();
        services.AddSingleton<PublishedPolicies>();
        services.AddSingleton<PolicyEvaluator>();
        services.AddSingleton<WhoCan>();
        services.AddSingleton<PolicyReferences>();
        services.AddSingleton(_ => new ClusterConnections(settings.Clusters, credentials));
        services.AddKeyedSingleton(
            ApiStore.Key,
            (_, _) => new ClusterConnections(settings.Clusters, credentials, forCallers: true)
        );

        services.AddSingleton(settings.Authentication);
        services.AddSingleton<IssuerKeys>();
        services.AddSingleton<TokenValidator>();

        services.AddDirectory(settings.Directory, credentials);
        services.AddSingleton(settings.Notifications);
        services.AddSingleton<Notifier>();

        services.AddSingleton<NodeHealth>();
        services.AddSingleton(provider => new Measurements(
            provider.GetRequiredService<NodeHealth>(),
            settings.Clusters.Keys
        ));
        services.AddSingleton<IDocumentSessionListener, EventWatch>();
        services.AddSingleton<LogSignal>();
        services.AddSingleton<IDocumentSessionListener>(provider => provider.GetRequiredService<LogSignal>());
        services.AddSingleton(provider => new LogKeys(
            settings.Log,
            credentials,
            provider.GetRequiredService<TimeProvider>()
        ));
        services.AddSingleton<LogRuns>();
        services.AddHostedService<LogFollower>();
        services.AddSingleton<Readiness>();
        services.AddTelemetryExport(settings.Telemetry, credentials, SpanSources, Metrics.Meter);

        services.AddEventStore(settings.Database, settings.Postgres, credentials, settings.CreateSchema);
        services.AddSingleton<WriteTurns>();
        services.AddSingleton<LongPolls>();
        services.AddSingleton<CallerLine>();
        services.AddSingleton<SystemCommands>();
        services.AddSingleton<RequestSubmission>();
        services.AddSingleton<CallerCommands>();
        services.AddSingleton<MergedRequest>();
        services.AddSingleton<ActivationEligibility>();
        services.AddSingleton<ExtensionEligibility>();
        services.AddSingleton<HeldRights>();
        services.AddSingleton<GrantRepair>();
        services.AddSingleton<GrantActivation>();
        services.AddSingleton<GrantRenewal>();
        services.AddSingleton<GrantTokens>();
        services.AddSingleton<CredentialIssuance>();
        services.AddSingleton<SkippedApprovers>();
        services.AddSingleton<Reviewers>();
        services.AddSingleton<ClusterTries>();
        services.AddSingleton<GrantRevocation>();
        services.AddSingleton(settings.Installation);
        services.AddSingleton<CurrentInstallation>();
        services.AddSingleton<OverdueGrants>();
        services.AddSingleton<LiveGrantCheck>();
        services.AddSingleton<StrayRemoval>();
        services.AddSingleton<ClusterReconciliation>();
        services.AddSingleton<GoneClusters>();
        services.AddSingleton<RoleGrowth>();
        services.AddSingleton(new AuditCredentials(settings.Clusters));
        services.AddSingleton(provider => new ActionRecorder(provider.GetRequiredService<ApiStore>().Documents));
        services.AddSingleton<FirstUses>();
        services.AddSingleton(HubSource.Of(settings.Clusters, credentials));
        services.AddHostedService<HubFollower>();
        services.AddSingleton<AuditIntake>();
        return services;
    }

    private static void AddDirectory(
        this IServiceCollection services,
        DirectoryOptions options,
        AppCredentials credentials
    )
    {
        services.AddSingleton(options);
        services.AddSingleton<TokenGroups>();
        services.AddSingleton<CallerGroups>();
        services.AddSingleton<ReviewerLookup>();
        services.AddKeyedSingleton(
            ApiStore.Key,
            (provider, key) => new ReviewerLookup(provider.GetRequiredKeyedService<IDirectory>(key))
        );
        if (options.Graph.Endpoint is null)
        {
            services.AddSingleton<IDirectory, TokenDirectory>();
            services.AddKeyedSingleton<IDirectory>(
                ApiStore.Key,
                (provider, _) =>
                    new TokenDirectory(
                        provider.GetRequiredService<ApiStore>().Documents,
                        options,
                        provider.GetRequiredService<TimeProvider>()
                    )
            );
            return;
        }

        services.AddSingleton(provider => new GraphClient(
            options.Graph,
            credentials.For(options.Graph.ManagedIdentityClientId),
            provider.GetRequiredService<TimeProvider>()
        ));
        services.AddSingleton<IDirectory, GraphDirectory>();
        services.AddKeyedSingleton(ApiStore.Key, (provider, _) => provider.GetRequiredService<IDirectory>());
        services.AddSingleton<GraphGroups>();
    }

    /// <param name="createSchema">True only for development.</param>
    public static void AddEventStore(
        this IServiceCollection services,
        string connectionString,
        PostgresOptions postgres,
        AppCredentials credentials,
        bool createSchema
    )
    {
        var signIn = postgres.Configure(credentials);
        if (signIn is not null)
            services.AddSingleton(signIn); // for the engine of the embedded host, which has its own connections

        // Two pools, so that activities and schedules never wait for a connection behind HTTP calls.
        var limit = new NpgsqlConnectionStringBuilder(connectionString);
        services.AddSingleton(_ => Connect(SystemConnections));
        services.AddMarten(provider => Options(provider, provider.GetRequiredService<NpgsqlDataSource>()));
        services.AddSingleton(provider =>
        {
            var database = Connect(limit.ShouldSerialize("Maximum Pool Size") ? limit.MaxPoolSize : ApiConnections);
            return new ApiStore(new DocumentStore(Options(provider, database)), database);
        });
        services.AddScoped(provider => provider.GetRequiredService<ApiStore>().Documents.QuerySession());

        NpgsqlDataSource Connect(int most)
        {
            var database = new NpgsqlDataSourceBuilder(connectionString)
            {
                ConnectionStringBuilder = { MaxPoolSize = most },
            };
            database.ConnectionStringBuilder.MinPoolSize = Math.Min(database.ConnectionStringBuilder.MinPoolSize, most);
            signIn?.Invoke(database);
            return database.Build();
        }

        StoreOptions Options(IServiceProvider provider, NpgsqlDataSource database)
        {
            var options = new StoreOptions();
            EventStore.Configure(options, database, createSchema);
            options.Listeners.AddRange(provider.GetServices<IDocumentSessionListener>());
            options.Logger(ActivatorUtilities.CreateInstance<StoreFailures>(provider));
            return options;
        }
    }
}
