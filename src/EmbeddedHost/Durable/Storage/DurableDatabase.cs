using Microsoft.Extensions.Configuration;
using Npgsql;

namespace JitFunctions.EmbeddedHost.Durable.Storage;

/// <summary>The engine's own connections, apart from those of the app.</summary>
internal sealed class DurableDatabase : IAsyncDisposable
{
    public const string ConnectionStringName = "Postgres";

    private readonly Lazy<NpgsqlDataSource> _source;

    public DurableDatabase(IConfiguration configuration)
        => _source = new Lazy<NpgsqlDataSource>(() => NpgsqlDataSource.Create(Settings(configuration)));

    public NpgsqlDataSource Source => _source.Value;

    /// <exception cref="InvalidOperationException">There is no connection string.</exception>
    public void Configure() => _ = Source;

    /// <summary>A connection outside the pool, for what lives as long as its session: locks and LISTEN.</summary>
    public async Task<NpgsqlConnection> OpenSessionAsync(TimeSpan commandTimeout, CancellationToken cancellation)
    {
        var settings = new NpgsqlConnectionStringBuilder(Source.ConnectionString)
        {
            Pooling = false,
            CommandTimeout = Math.Max(1, (int)commandTimeout.TotalSeconds),
        };
        var connection = new NpgsqlConnection(settings.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellation);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _source.IsValueCreated ? Source.DisposeAsync() : ValueTask.CompletedTask;

    private static NpgsqlConnectionStringBuilder Settings(IConfiguration configuration)
    {
        var settings = new NpgsqlConnectionStringBuilder(configuration.GetConnectionString(ConnectionStringName)
            ?? throw new InvalidOperationException(
                $"The app has durable or timer functions, which need PostgreSQL: set ConnectionStrings:{ConnectionStringName}."));
        settings.ApplicationName ??= "embedded-host";
        if (!settings.ShouldSerialize("Max Auto Prepare"))
            settings.MaxAutoPrepare = 64;
        return settings;
    }
}
