using Npgsql;

namespace JitFunctions.LocalStack;

/// <summary>
/// A database role whose password is an access token, as in Azure Database for PostgreSQL. Only the latest token is
/// valid, until it expires. Open connections stay open.
/// </summary>
public sealed class TokenRole
{
    private readonly PostgresServer _server;
    private readonly string _name;

    private TokenRole(PostgresServer server, string name, string database) =>
        (_server, _name, Database) = (server, name, database);

    /// <summary>A connection string without a password.</summary>
    public string Database { get; }

    /// <summary>Creates a role that owns a new, empty database and nothing else.</summary>
    /// <param name="name">Letters, digits and underscores.</param>
    public static async Task<TokenRole> CreateAsync(
        PostgresServer server,
        string name,
        CancellationToken cancellation = default
    )
    {
        await server.RequirePasswordsAsync(cancellation);
        var own = new NpgsqlConnectionStringBuilder(await server.CreateDatabaseAsync(cancellation: cancellation));
        await ExecuteAsync(
            server,
            $"create role {name} login; alter database {own.Database} owner to {name}",
            cancellation
        );
        own.Username = name;
        return new(server, name, own.ConnectionString);
    }

    public Task AcceptAsync(string token, DateTimeOffset until) =>
        ExecuteAsync(
            _server,
            $"alter role {_name} password '{token.Replace("'", "''", StringComparison.Ordinal)}' valid until "
                + $"'{until.UtcDateTime:O}'",
            CancellationToken.None
        );

    /// <summary>Closes all connections of the role, so that the next one needs the password.</summary>
    public Task CutConnectionsAsync(CancellationToken cancellation = default) =>
        ExecuteAsync(
            _server,
            $"select pg_terminate_backend(pid) from pg_stat_activity where usename = '{_name}'",
            cancellation
        );

    private static async Task ExecuteAsync(PostgresServer server, string sql, CancellationToken cancellation)
    {
        await using var database = NpgsqlDataSource.Create(server.ConnectionString("postgres") + ";Pooling=false");
        foreach (var statement in sql.Split("; "))
        {
            await using var command = database.CreateCommand(statement);
            await command.ExecuteNonQueryAsync(cancellation);
        }
    }
}
