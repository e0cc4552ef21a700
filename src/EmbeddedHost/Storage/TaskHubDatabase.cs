using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;
using Npgsql;

namespace JitFunctions.EmbeddedHost.Storage;

/// <summary>The task hub's own connections, separate from those of the app.</summary>
internal sealed class TaskHubDatabase : IAsyncDisposable
{
    public const string ConnectionStringName = "Postgres";

    private readonly Lazy<NpgsqlDataSource> _source;
    private readonly ConcurrentDictionary<int, NpgsqlDataSource> _unpooled = [];
    private readonly IConfiguration _configuration;
    private readonly Action<NpgsqlDataSourceBuilder>? _signIn;

    /// <param name="signIn">
    /// How the app authenticates to its database, if the connection string does not contain that.
    /// </param>
    public TaskHubDatabase(IConfiguration configuration, Action<NpgsqlDataSourceBuilder>? signIn = null)
    {
        (_configuration, _signIn) = (configuration, signIn);
        _source = new Lazy<NpgsqlDataSource>(() => Build(Settings(_configuration)));
    }

    public NpgsqlDataSource Source => _source.Value;

    /// <exception cref="InvalidOperationException">There is no connection string.</exception>
    public void Configure() => _ = Source;

    /// <summary>
    /// Opens a connection outside the pool, for features that are bound to a session: locks and LISTEN.
    /// </summary>
    public async Task<NpgsqlConnection> OpenSessionAsync(TimeSpan commandTimeout, CancellationToken cancellation) =>
        await _unpooled
            .GetOrAdd(Math.Max(1, (int)commandTimeout.TotalSeconds), Unpooled)
            .OpenConnectionAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        foreach (var source in _unpooled.Values)
            await source.DisposeAsync();
        if (_source.IsValueCreated)
            await Source.DisposeAsync();
    }

    // Uses the settings, because the connection string of a data source does not contain the password.
    private NpgsqlDataSource Unpooled(int commandTimeout)
    {
        var settings = Settings(_configuration);
        (settings.Pooling, settings.CommandTimeout) = (false, commandTimeout);
        return Build(settings);
    }

    private NpgsqlDataSource Build(NpgsqlConnectionStringBuilder settings)
    {
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        _signIn?.Invoke(builder);
        return builder.Build();
    }

    private static NpgsqlConnectionStringBuilder Settings(IConfiguration configuration)
    {
        var settings = new NpgsqlConnectionStringBuilder(
            configuration.GetConnectionString(ConnectionStringName)
                ?? throw new InvalidOperationException(
                    "The app has durable or timer functions, which need PostgreSQL: set "
                        + $"ConnectionStrings:{ConnectionStringName}."
                )
        );
        settings.ApplicationName ??= "embedded-host";
        if (!settings.ShouldSerialize("Max Auto Prepare"))
            settings.MaxAutoPrepare = 64;
        return settings;
    }
}
