using System.Net.Http.Headers;
using Npgsql;

namespace JitFunctions.LocalStack;

/// <summary>
/// Everything that the product needs, running on this machine on free loopback ports: PostgreSQL, a Kubernetes API
/// server with the demo's namespaces, an identity provider with its directory, an inbox for notices, and the function
/// app. Disposing removes all of it.
/// </summary>
public sealed class LocalPlatform : IAsyncDisposable
{
    private const string AppRole = "jit_app";

    private readonly List<FunctionHost> _hosts = [];
    private readonly IReadOnlyDictionary<string, string?> _settings;
    private readonly HostCommand _command;

    private LocalPlatform(
        PostgresServer postgres,
        KubernetesCluster cluster,
        TokenIssuer issuer,
        NotificationInbox notifications,
        Azurite? storage,
        AuditRelay audit,
        string database,
        string appDatabase,
        PlatformOptions options
    )
    {
        (Postgres, Cluster, Issuer, Notifications, Storage, Audit, Database, Policies) = (
            postgres,
            cluster,
            issuer,
            notifications,
            storage,
            audit,
            database,
            options.Policies
        );
        _command = options.Host;
        var settings = new Dictionary<string, string?>
        {
            ["ConnectionStrings__Postgres"] = appDatabase,
            ["Authentication__Authority"] = issuer.Authority.OriginalString,
            ["Authentication__Audience"] = TokenIssuer.Audience,
            ["Authentication__RequireHttps"] = "false",
            ["Directory__Graph__Endpoint"] = issuer.Directory.Address.OriginalString,
            ["IDENTITY_ENDPOINT"] = issuer.Directory.Identity.Endpoint.OriginalString,
            ["IDENTITY_HEADER"] = issuer.Directory.Identity.Header,
            ["Notifications__Webhook"] = notifications.Address.OriginalString,
            ["Notifications__Secret"] = notifications.Secret,
            ["Policies__Path"] = options.Policies,
            ["Clusters__demo__Kubeconfig"] = cluster.Kubeconfig("jit-controller"),
            ["Clusters__demo__AuditTokens__0"] = audit.Token,
            ["ReconcilerSchedule"] = "*/5 * * * * *",
        };
        foreach (var (name, value) in Log.Settings())
            settings[name] = value;
        foreach (var (name, value) in options.Environment)
            settings[name] = value;
        _settings = settings;
    }

    /// <summary>The output folder of the plugin's build.</summary>
    public static string PluginFolder => Repository.OutputOf("KubectlJit");

    /// <summary>The folder with the manifests for managed clusters, as checked in.</summary>
    public static string Infrastructure => Repository.Combine("infra", "kubernetes");

    public PostgresServer Postgres { get; }

    /// <summary>
    /// The connection string of the function app's database, as its owner: the app itself has a role with fewer rights.
    /// </summary>
    public string Database { get; }

    /// <summary>The path of the policy file.</summary>
    public string Policies { get; }

    public KubernetesCluster Cluster { get; }

    public TokenIssuer Issuer { get; }

    /// <summary>The keys of the log, and the file that says that they are trusted.</summary>
    public LogTrust Log { get; } = new();

    public NotificationInbox Notifications { get; }

    /// <summary>What passes the audit log of the API server on to the first node.</summary>
    public AuditRelay Audit { get; }

    /// <summary>
    /// The storage in which the real Functions host keeps its orchestrations and leases; null on the embedded host.
    /// </summary>
    public Azurite? Storage { get; }

    /// <summary>The task hub of the hosts on the platform's own database.</summary>
    public string TaskHub => HubOf(Database);

    public IReadOnlyList<FunctionHost> Hosts => _hosts;

    public FunctionHost Host => _hosts[0];

    public static async Task<LocalPlatform> StartAsync(
        PlatformOptions? options = null,
        CancellationToken cancellation = default
    )
    {
        options ??= new PlatformOptions();
        var postgres = PostgresServer.StartAsync(options.Durable, cancellation);
        var audit = await AuditRelay.StartAsync(cancellation);
        var cluster = KubernetesCluster.StartAsync(options.Durable, audit, cancellation);
        var issuer = TokenIssuer.StartAsync(cancellation: cancellation);
        var notifications = NotificationInbox.StartAsync(cancellation: cancellation);
        var storage = options.Host.NeedsStorage ? Azurite.StartAsync(cancellation) : null;
        LocalPlatform? platform = null;
        try
        {
            await Task.WhenAll([postgres, cluster, issuer, notifications, storage ?? Task.CompletedTask]);
            var database = await (await postgres).CreateDatabaseAsync("jit", cancellation);
            var appDatabase = await AppDatabase.PrepareAsync(database, AppRole, HostCommand.Embedded, cancellation);
            platform = new LocalPlatform(
                await postgres,
                await cluster,
                await issuer,
                await notifications,
                storage is null ? null : await storage,
                audit,
                database,
                appDatabase,
                options
            );
            await platform.ApplyInfrastructureAsync();
            await platform.Cluster.ApplyAsync(Repository.Combine("demo", "manifests"));
            for (var i = 0; i < options.Hosts; i++)
                await platform.AddHostAsync(cancellation);
            return platform;
        }
        catch
        {
            if (platform is not null)
                await platform.DisposeAsync();
            else
                await Task.WhenAll(
                    DisposeIfStarted(postgres),
                    DisposeIfStarted(cluster),
                    DisposeIfStarted(issuer),
                    DisposeIfStarted(notifications),
                    DisposeIfStarted(storage),
                    audit.DisposeAsync().AsTask()
                );
            throw;
        }
    }

    /// <summary>Applies the manifests for managed clusters, as checked in.</summary>
    public Task ApplyInfrastructureAsync() =>
        Cluster.ApplyOverlayAsync(Path.Combine(Infrastructure, "overlays", "named-user"));

    /// <returns>The connection string of a new database, for a separate installation of the app.</returns>
    public Task<string> CreateDatabaseAsync(string name, CancellationToken cancellation = default) =>
        CreateDatabaseAsync(name, HostCommand.Embedded, cancellation);

    /// <inheritdoc cref="CreateDatabaseAsync(string, CancellationToken)"/>
    /// <param name="app">The build of the app that uses the database.</param>
    public async Task<string> CreateDatabaseAsync(
        string name,
        HostCommand app,
        CancellationToken cancellation = default
    ) =>
        await AppDatabase.PrepareAsync(
            await Postgres.CreateDatabaseAsync(name, cancellation),
            AppRole,
            app,
            cancellation
        );

    /// <summary>Creates the app's tables in a database, or migrates those of an earlier version.</summary>
    /// <param name="owner">The connection string of the owner.</param>
    /// <returns>The connection string of the app.</returns>
    public static Task<string> PrepareDatabaseAsync(string owner, CancellationToken cancellation = default) =>
        AppDatabase.PrepareAsync(owner, AppRole, HostCommand.Embedded, cancellation);

    /// <summary>Adds a node on the same database.</summary>
    public Task<FunctionHost> AddHostAsync(CancellationToken cancellation = default) =>
        AddHostAsync(new Dictionary<string, string?>(), cancellation);

    /// <summary>Adds a node on the same database, with additional settings.</summary>
    public Task<FunctionHost> AddHostAsync(
        IReadOnlyDictionary<string, string?> changes,
        CancellationToken cancellation = default
    ) => AddHostAsync(changes, _command, cancellation);

    /// <inheritdoc cref="AddHostAsync(IReadOnlyDictionary{string, string?}, CancellationToken)"/>
    /// <param name="command">The build of the app that the node runs.</param>
    public async Task<FunctionHost> AddHostAsync(
        IReadOnlyDictionary<string, string?> changes,
        HostCommand command,
        CancellationToken cancellation = default
    )
    {
        var settings = new Dictionary<string, string?>(_settings);
        // A separate installation has a log of its own.
        if (changes.ContainsKey("ConnectionStrings__Postgres"))
            settings.Remove(LogTrust.ArchiveSetting);
        foreach (var (name, value) in changes)
            settings[name] = value;
        if (Storage is not null)
            AddFunctionsHost(settings, Storage, HubOf(settings["ConnectionStrings__Postgres"]!));
        var host = await FunctionHost.StartAsync(settings, command, cancellation);
        Audit.Target ??= host.Address;
        _hosts.Add(host);
        return host;
    }

    public string TokenFor(string person, TimeSpan? lifetime = null) =>
        Issuer.IssueToken(Person.Named(person), lifetime);

    /// <summary>A client of the first host with a token of this person. The caller disposes it.</summary>
    public HttpClient ClientFor(string person)
    {
        var client = new HttpClient { BaseAddress = Host.Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", TokenFor(person));
        return client;
    }

    /// <summary>
    /// Runs the real kubectl with the plugin <c>kubectl jit</c> as this person, or as "admin", who has no token for the
    /// plugin.
    /// </summary>
    public Task<Command> KubectlAsync(string person, params IEnumerable<string> arguments) =>
        Cluster.KubectlAsync(person, arguments, PluginEnvironment(person));

    /// <summary>The environment variables of the plugin: PATH, JIT_SERVER and JIT_TOKEN.</summary>
    public IReadOnlyDictionary<string, string?> PluginEnvironment(string person) =>
        new Dictionary<string, string?>
        {
            ["PATH"] = $"{PluginFolder}:{Environment.GetEnvironmentVariable("PATH")}",
            ["JIT_SERVER"] = Host.Address.OriginalString,
            ["JIT_TOKEN"] = Person.All.Any(known => known.Name == person) ? TokenFor(person) : null,
        };

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_hosts.Select(host => host.DisposeAsync().AsTask()));
        Log.Dispose();
        await Task.WhenAll(
            Issuer.DisposeAsync().AsTask(),
            Notifications.DisposeAsync().AsTask(),
            Cluster.DisposeAsync().AsTask(),
            Postgres.DisposeAsync().AsTask(),
            Storage?.DisposeAsync().AsTask() ?? Task.CompletedTask
        );
        await Audit.DisposeAsync();
    }

    // Nodes on one database share a task hub and the leases with which a schedule runs on one node only. Other nodes
    // must not use them.
    private static void AddFunctionsHost(Dictionary<string, string?> settings, Azurite storage, string hub)
    {
        settings["FUNCTIONS_WORKER_RUNTIME"] = "dotnet-isolated";
        settings["AzureWebJobsStorage"] = storage.ConnectionString;
        settings["AzureFunctionsWebHost__hostid"] = hub;
        settings["AzureFunctionsJobHost__extensions__durableTask__hubName"] = hub;
    }

    private static string HubOf(string database) =>
        string.Concat(
            "hub",
            string.Concat(new NpgsqlConnectionStringBuilder(database).Database!.Where(char.IsAsciiLetterOrDigit))
        );

    private static async Task DisposeIfStarted<T>(Task<T>? starting)
        where T : IAsyncDisposable
    {
        try
        {
            if (starting is not null)
                await (await starting).DisposeAsync();
        }
        catch
        {
            // The component did not start, and WhenAll has already thrown the reason.
        }
    }
}
