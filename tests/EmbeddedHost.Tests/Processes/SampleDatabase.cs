using JitFunctions.EmbeddedHost.Storage;
using JitFunctions.EmbeddedHost.Tests.Fixtures;
using JitFunctions.EmbeddedHost.Tests.Support;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Configuration;

namespace JitFunctions.EmbeddedHost.Tests.Processes;

internal sealed record Effect(string Step, int Process);

/// <summary>
/// The database of sample nodes: their instances, and what their functions did. This process is not a node.
/// </summary>
internal sealed class SampleDatabase : IAsyncDisposable
{
    private readonly TaskHubDatabase _database;
    private readonly ClientStore _client;

    private SampleDatabase(string connectionString)
    {
        ConnectionString = connectionString;
        _database = new TaskHubDatabase(new ConfigurationManager { ["ConnectionStrings:Postgres"] = connectionString });
        _client = new ClientStore(_database, TimeProvider.System);
    }

    public string ConnectionString { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<SampleDatabase> CreateAsync(PostgresFixture postgres)
    {
        var sample = new SampleDatabase(await postgres.NewDatabaseAsync());
        await new Schema(sample._database).EnsureAsync(Cancellation);
        await using var create = sample._database.Source.CreateCommand(
            """
            create table effects (id bigint generated always as identity, instance text, step text, process int, at timestamptz default clock_timestamp());
            create table crashes (point text primary key);
            """
        );
        await create.ExecuteNonQueryAsync(Cancellation);
        return sample;
    }

    public Task StartAsync(string orchestrator, string id, string? input = null) =>
        _client.StartAsync(
            new NewInstance(id, orchestrator, "", input, TimeProvider.System.GetUtcNow(), [], Trace: null),
            tellPeers: true,
            Cancellation
        );

    public Task RaiseAsync(string id, string name, string payload) =>
        _client.RaiseAsync(id, name, payload, trace: null, tellPeers: true, Cancellation);

    public async Task<string?> OutputAsync(string id)
    {
        await Eventually.HoldsAsync(
            async () => await StatusAsync(id) is not ("Pending" or "Running"),
            $"{id} finished"
        );
        Assert.Equal(nameof(OrchestrationRuntimeStatus.Completed), await StatusAsync(id));
        return await ScalarAsync<string>($"select output from taskhub.instances where id = '{id}'");
    }

    public async Task<string> StatusAsync(string id) =>
        (await ScalarAsync<string>($"select status from taskhub.instances where id = '{id}'"))!;

    public async Task<IReadOnlyList<Effect>> EffectsAsync(string instance)
    {
        await using var read = _database.Source.CreateCommand(
            "select step, process from effects where instance = $1 order by id"
        );
        read.Parameters.AddWithValue(instance);
        await using var reader = await read.ExecuteReaderAsync(Cancellation);
        List<Effect> effects = [];
        while (await reader.ReadAsync(Cancellation))
            effects.Add(new Effect(reader.GetString(0), reader.GetInt32(1)));
        return effects;
    }

    public Task NodesAsync(int count) =>
        Eventually.HoldsAsync(
            async () => await ScalarAsync<long>("select count(*) from taskhub.nodes") == count,
            $"{count} nodes"
        );

    public async Task<T?> ScalarAsync<T>(string sql)
    {
        await using var command = _database.Source.CreateCommand(sql);
        return await command.ExecuteScalarAsync(Cancellation) is T value ? value : default;
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
    }
}
