using System.Security.Cryptography;
using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Scopes;
using JitFunctions.LocalStack;
using JitFunctions.Projections;
using JitFunctions.Projections.Log;
using Marten;
using Npgsql;

namespace JitFunctions.Functions.Tests;

/// <summary>
/// The app's own role after <c>schema --app-role</c>: it can do its work, and nothing to what has been recorded.
/// </summary>
public sealed class SchemaCommandTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly Principal Alice = new("https://issuer#a1", "alice@example.com");

    private static readonly (string Table, string Column)[] OfTheLog =
    [
        ("jit_log_leaf", "leaf"),
        ("jit_log_disclosure", "disclosure"),
        ("jit_log_tile", "hashes"),
        ("jit_log_checkpoint", "note"),
    ];

    private PostgresServer _server = null!;
    private string _owner = null!;
    private NpgsqlDataSource _app = null!;
    private IDocumentStore _store = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await PostgresServer.StartAsync(Cancellation);
        _owner = await _server.CreateDatabaseAsync(cancellation: Cancellation);
        await using var admin = NpgsqlDataSource.Create(_owner);
        await admin.CreateCommand("create role \"the app\" login").ExecuteNonQueryAsync(Cancellation);
        _app = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(_owner) { Username = "the app" });
        _store = DocumentStore.For(options => EventStore.Configure(options, _app, createSchema: false));
    }

    public async ValueTask DisposeAsync()
    {
        _store.Dispose();
        await _app.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task The_role_appends_and_projects_and_can_neither_change_nor_remove_what_is_recorded()
    {
        Assert.Equal((0, ""), await RunAsync("the app"));
        var id = RequestId.FromBytes(RandomNumberGenerator.GetBytes(12));
        await using (var session = _store.LightweightSession())
        {
            var terms = new RequestTerms(
                new Scope("demo", ["payments"], false, new RoleRef(RoleKind.ClusterRole, "edit")),
                TimeSpan.FromMinutes(30),
                "why",
                null
            );
            var policy = new PolicySnapshot("p", "sha256:00", false, ["leads"], 1, TimeSpan.FromHours(4));
            await session.Open(
                id,
                [new AccessRequestEvent.Requested(Alice, [], terms, policy, Noon.AddHours(4), id, Noon)],
                new Provenance(Alice, "api", null),
                Cancellation
            );
            var outcome = await session.Handle(
                id,
                new AccessRequestCommand.Lapse(Noon.AddHours(5)),
                new Provenance(Principal.System, "orchestration", null),
                Cancellation
            );
            Assert.Equal(2, outcome.Version);
        }

        var sequencer = new LogSequencer(_store, _app, signing: null, new HeldModel(), TimeProvider.System);
        Assert.Equal(2, (await sequencer.RunAsync(Cancellation)).Appended);

        foreach (var table in new[] { "jit.mt_events", "jit.mt_streams", "jit.jit_log_head" })
            await RefusedAsync($"delete from {table}");
        foreach (var (table, column) in OfTheLog)
        {
            await RefusedAsync($"delete from jit.{table}");
            await RefusedAsync($"update jit.{table} set {column} = {column}");
            await RefusedAsync($"truncate jit.{table}");
        }

        await RefusedAsync("update jit.mt_events set data = '{}'");
        await RefusedAsync("update jit.mt_doc_auditentry set data = '{}'");
        await RefusedAsync("delete from jit.mt_doc_auditentry");
        await RefusedAsync("truncate jit.mt_events");
        await RefusedAsync("drop table jit.mt_events");
        await RefusedAsync("alter table jit.mt_events disable trigger all");
        await RefusedAsync("create table jit.mine (id int)");
        await RefusedAsync("create table taskhub.mine (id int)");
        await RefusedAsync("create schema mine");
        Assert.Equal(
            2L,
            await _app.CreateCommand("select count(*) from jit.mt_events").ExecuteScalarAsync(Cancellation)
        );
    }

    [Theory]
    [InlineData("The tables are up to date, and the role 'the app' may use them.", "--app-role", "the app")]
    [InlineData("The tables are up to date.")]
    public async Task The_last_line_of_output_states_the_result(string expected, params string[] arguments)
    {
        var app = Path.Combine(AppContext.BaseDirectory, "JitFunctions.Functions.dll");
        var command = await Command.RunAsync(
            "dotnet",
            [app, "schema", .. arguments],
            new Dictionary<string, string?> { ["ConnectionStrings__Postgres"] = _owner },
            cancellation: Cancellation
        );

        Assert.Equal((0, ""), (command.ExitCode, command.StdErr));
        Assert.Equal([expected, ""], command.StdOut.Split('\n')[^2..]); // behind what the log says
    }

    [Fact]
    public async Task A_repeat_revokes_database_rights_that_were_added_by_hand()
    {
        await RunAsync("the app");
        await using (var admin = NpgsqlDataSource.Create(_owner))
            await admin.CreateCommand("grant all on jit.mt_events to \"the app\"").ExecuteNonQueryAsync(Cancellation);

        Assert.Equal((0, ""), await RunAsync("the app"));

        await RefusedAsync("truncate jit.mt_events");
        await RefusedAsync("update jit.mt_events set data = '{}'");
    }

    [Fact]
    public async Task A_role_that_does_not_exist_is_named()
    {
        var (code, error) = await RunAsync("nobody");

        Assert.Equal(1, code);
        Assert.Equal("The database has no role 'nobody': create it first.", error.Trim());
    }

    [Fact]
    public async Task A_role_that_could_change_the_tables_is_refused()
    {
        await using var admin = NpgsqlDataSource.Create(_owner);
        await admin.CreateCommand("create role friend login in role postgres").ExecuteNonQueryAsync(Cancellation);

        foreach (var role in new[] { "postgres", "friend" })
            Assert.Contains($"The role '{role}' owns tables", (await RunAsync(role)).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_may_not_make_tables_is_told_so()
    {
        var (code, error) = await RunAsync("the app", as_: "the app");

        Assert.Equal(1, code);
        Assert.StartsWith(
            "The role of ConnectionStrings:Postgres may not make or change the tables",
            error,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("--app-role")]
    [InlineData("--approle", "the app")]
    [InlineData("--app-role", "")]
    public async Task Arguments_that_mean_nothing_are_refused(params string[] arguments)
    {
        var (code, error) = await RunAsync(arguments, _owner);

        Assert.Equal((1, "usage: schema [--app-role ROLE]"), (code, error.Trim()));
    }

    private Task<(int Code, string Error)> RunAsync(string role, string? as_ = null) =>
        RunAsync(
            ["--app-role", role],
            as_ is null ? _owner : new NpgsqlConnectionStringBuilder(_owner) { Username = as_ }.ConnectionString
        );

    private static async Task<(int Code, string Error)> RunAsync(string[] arguments, string connection)
    {
        var app = Path.Combine(AppContext.BaseDirectory, "JitFunctions.Functions.dll");
        var command = await Command.RunAsync(
            "dotnet",
            [app, "schema", .. arguments],
            new Dictionary<string, string?> { ["ConnectionStrings__Postgres"] = connection },
            cancellation: Cancellation
        );
        return (command.ExitCode, command.StdErr);
    }

    private async Task RefusedAsync(string sql)
    {
        var refused = await Assert.ThrowsAsync<PostgresException>(() =>
            _app.CreateCommand(sql).ExecuteNonQueryAsync(Cancellation)
        );
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }
}
