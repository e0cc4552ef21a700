using Npgsql;

namespace JitFunctions.LocalStack;

/// <summary>
/// A real PostgreSQL server in a temporary folder, on loopback without a password. Unless it is durable, it does not
/// flush writes to the disk, which is faster.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string Superuser = "postgres";
    private static readonly string[] NotDurable = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"];
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    private readonly string _binaries = PostgresBinaries.Find();
    private readonly ScratchFolder _folder = new();
    private readonly bool _durable;
    private SupervisedProcess? _process;

    private PostgresServer(bool durable) => _durable = durable;

    public int Port { get; } = FreePort.Next();

    private string Data => _folder.Combine("data");

    public static Task<PostgresServer> StartAsync(CancellationToken cancellation = default) =>
        StartAsync(durable: false, cancellation);

    /// <param name="durable">Whether it confirms a write only when it is on the disk.</param>
    public static async Task<PostgresServer> StartAsync(bool durable, CancellationToken cancellation = default)
    {
        var server = new PostgresServer(durable);
        try
        {
            await server.InitialiseAsync(cancellation);
            await server.StartAgainAsync(cancellation);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public string ConnectionString(string database) =>
        new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = Port,
            Username = Superuser,
            Database = database,
        }.ConnectionString;

    /// <returns>The connection string of the new, empty database.</returns>
    public async Task<string> CreateDatabaseAsync(string? name = null, CancellationToken cancellation = default)
    {
        name ??= $"test_{Guid.NewGuid():n}";
        await using var connection = new NpgsqlConnection(AdministrativeConnectionString);
        await connection.OpenAsync(cancellation);
        await using var create = connection.CreateCommand();
        create.CommandText = $"create database \"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        await create.ExecuteNonQueryAsync(cancellation);
        return ConnectionString(name);
    }

    /// <summary>Requires passwords from now on, for all roles except the superuser.</summary>
    public async Task RequirePasswordsAsync(CancellationToken cancellation = default)
    {
        await File.WriteAllTextAsync(
            Path.Combine(Data, "pg_hba.conf"),
            $"""
            host all {Superuser} 127.0.0.1/32 trust
            host all all 127.0.0.1/32 password

            """,
            cancellation
        );
        await using var database = NpgsqlDataSource.Create(AdministrativeConnectionString);
        await using var reload = database.CreateCommand("select pg_reload_conf()");
        await reload.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Simulates an outage: all connections are closed, new ones are refused, and the data is kept.</summary>
    public async Task StopAsync()
    {
        if (_process is null)
            return;
        await _process.DisposeAsync();
        _process = null;
    }

    /// <summary>Ends an outage, with the same port and data. Does nothing while the server runs.</summary>
    public async Task StartAgainAsync(CancellationToken cancellation = default)
    {
        if (_process is { HasExited: false })
            return;
        string[] settings =
        [
            $"port={Port}",
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "max_connections=300",
            "shared_buffers=64MB",
            "wal_level=minimal",
            "max_wal_senders=0",
            .. _durable ? [] : NotDurable,
        ];
        var (fileName, arguments) = AsServerUser(
            "postgres",
            ["-D", Data, .. settings.SelectMany(setting => new[] { "-c", setting })]
        );
        // SIGINT is PostgreSQL's fast shutdown. SIGTERM would wait until all clients have disconnected.
        var plan = new ProcessPlan(fileName, arguments, _folder.Path, _folder.Combine("postgres.log"))
        {
            Farewell = "INT",
        };
        _process = SupervisedProcess.Start(plan);
        await _process.WaitUntilAsync(AcceptsConnectionsAsync, Deadline, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder.Dispose();
    }

    private string AdministrativeConnectionString => ConnectionString("postgres") + ";Pooling=false";

    private async Task InitialiseAsync(CancellationToken cancellation)
    {
        Directory.CreateDirectory(Data);
        if (Environment.IsPrivilegedProcess)
        {
            (await Command.RunAsync("chmod", ["go+x", _folder.Path], cancellation: cancellation)).OrThrow("chmod");
            (await Command.RunAsync("chown", [$"{Superuser}:", Data], cancellation: cancellation)).OrThrow("chown");
        }
        var (fileName, arguments) = AsServerUser(
            "initdb",
            ["-D", Data, "-U", Superuser, "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync", "--no-instructions"]
        );
        (await Command.RunAsync(fileName, arguments, workingDirectory: "/", cancellation: cancellation)).OrThrow(
            "initdb"
        );
    }

    // PostgreSQL refuses to run as root.
    private (string FileName, string[] Arguments) AsServerUser(string program, string[] arguments)
    {
        var path = Path.Combine(_binaries, program);
        return Environment.IsPrivilegedProcess
            ? ("setpriv", [$"--reuid={Superuser}", $"--regid={Superuser}", "--init-groups", path, .. arguments])
            : (path, arguments);
    }

    private async Task<bool> AcceptsConnectionsAsync(CancellationToken cancellation)
    {
        try
        {
            await using var connection = new NpgsqlConnection(AdministrativeConnectionString);
            await connection.OpenAsync(cancellation);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }
}
