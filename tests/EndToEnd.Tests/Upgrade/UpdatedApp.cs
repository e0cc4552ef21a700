using JitFunctions.LocalStack;
using Npgsql;

namespace JitFunctions.EndToEnd.Tests.Upgrade;

/// <summary>
/// This version on the database of the version before, and with the rights in the cluster that that one had granted.
/// </summary>
internal sealed class UpdatedApp : IAsyncDisposable
{
    private readonly VersionBefore _before;
    private readonly Team _scene;
    private FunctionHost? _host;

    private UpdatedApp(VersionBefore before, Team team, string owner) =>
        (_before, _scene, Owner) = (before, team, owner);

    /// <summary>The connection string of the database, as its owner.</summary>
    public string Owner { get; }

    public FunctionHost Host => _host!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>All but the app, which <see cref="StartAsync"/> starts.</summary>
    public static async Task<UpdatedApp> PrepareAsync(VersionBefore before, Team team)
    {
        var platform = team.Platform;
        var app = new UpdatedApp(before, team, await platform.Postgres.CreateDatabaseAsync(cancellation: Cancellation));
        foreach (var ns in before.Requests.Keys)
        {
            await app._scene.Cluster.ApplyAsync(
                $$"""
                apiVersion: v1
                kind: Namespace
                metadata: { name: {{ns}} }
                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: Role
                metadata: { name: debugger, namespace: {{ns}} }
                rules: [{ apiGroups: [""], resources: [pods, configmaps], verbs: [get, list] }]
                """
            );
        }

        await app._scene.Cluster.CreateAsync(before.Objects);
        await app.ExecuteAsync(before.Database);
        return app;
    }

    /// <summary>As a deployment does: the tables first, by their owner.</summary>
    public async Task StartAsync()
    {
        var database = await LocalPlatform.PrepareDatabaseAsync(Owner, Cancellation);
        // What the version before may write, this one could.
        var role = new NpgsqlConnectionStringBuilder(database).Username;
        await ExecuteAsync(
            $"grant usage on schema durable to {role}; grant all on all tables in schema durable to {role}"
        );
        // Nobody tells the directory of people who signed in before.
        foreach (var person in Person.All)
            _scene.As(person);
        _host = await _scene.Platform.AddHostAsync(
            new Dictionary<string, string?> { ["ConnectionStrings__Postgres"] = database },
            Cancellation
        );
    }

    public Api As(Person person) => _scene.As(person, Host);

    public string Id(string ns) => _before.Requests[ns];

    /// <summary>The status of the request's orchestration in this version's task hub; null when it has none.</summary>
    public async Task<string?> InstanceAsync(string ns) =>
        await ExecuteAsync($"select status from taskhub.instances where id = '{Id(ns)}'") as string;

    /// <summary>Every row of the task hub of the version before.</summary>
    public async Task<string> OldTaskHubAsync()
    {
        var rows = "";
        foreach (var table in new[] { "activities", "history", "inbox", "instances" })
        {
            var all = $"select string_agg(row::text, '\n' order by row::text) from durable.{table} row";
            rows += $"{table}: {await ExecuteAsync(all)}\n";
        }

        return rows;
    }

    public Task<object?> ExecuteAsync(string sql) => ExecuteAsync(Owner, sql);

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
            await _host.DisposeAsync();
        await _scene.Cluster.AdminAsync(
            "delete",
            "rolebindings,serviceaccounts,secrets",
            "-A",
            "-l",
            $"jit-access/request in ({string.Join(',', _before.Requests.Values)})"
        );
    }

    private static async Task<object?> ExecuteAsync(string database, string sql)
    {
        // The dump sets what holds for its session.
        await using var connection = new NpgsqlConnection($"{database};Pooling=false");
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Cancellation);
    }
}
