using JitFunctions.Functions.Log;
using JitFunctions.Functions.Monitoring;
using JitFunctions.Functions.Platform.AppIdentity;
using JitFunctions.Functions.Tests.Monitoring;
using JitFunctions.LocalStack;
using JitFunctions.TransparencyLog.Checkpoints;
using JitFunctions.TransparencyLog.Proofs;
using Marten;
using Npgsql;

namespace JitFunctions.Functions.Tests.Log;

/// <summary>
/// The sequencer of a node, with keys and an archive from settings, and the command that checks the log.
/// </summary>
public sealed class LogRunsTests : IAsyncLifetime
{
    private readonly NodeHealth _seen = new(TimeProvider.System);
    private readonly LogLines<LogRuns> _lines = new();
    private readonly SettingsFiles _files = new();
    private readonly LogKeys _keys;
    private PostgresServer _server = null!;
    private string _connection = null!;
    private NpgsqlDataSource _database = null!;
    private IDocumentStore _store = null!;
    private LogRuns _runs = null!;

    public LogRunsTests()
    {
        Directory.CreateDirectory(Archive);
        var options = new LogOptions
        {
            Origin = "jit.example.com/log",
            KeyFile = _files.Write("ecdsa.pem", LogFiles.EcdsaPem()),
            Ed25519KeyFile = _files.Write("ed25519.pem", LogFiles.Ed25519Pem()),
            CheckpointFolder = Archive,
        };
        _keys = new(options, new AppCredentials(new(), TimeProvider.System), TimeProvider.System);
    }

    private string Archive => Path.Combine(_files.Folder, "checkpoints");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await PostgresServer.StartAsync(Cancellation);
        _connection = await _server.CreateDatabaseAsync(cancellation: Cancellation);
        _database = NpgsqlDataSource.Create(_connection);
        _store = DocumentStore.For(options => Projections.EventStore.Configure(options, _database, createSchema: true));
        _runs = new(_store, _database, _keys, _seen, TimeProvider.System, _lines);
        await AppendAsync("carol@example.com");
    }

    public async ValueTask DisposeAsync()
    {
        _keys.Dispose();
        _store.Dispose();
        await _database.DisposeAsync();
        await _server.DisposeAsync();
        _files.Dispose();
    }

    [Fact]
    public async Task A_run_signs_with_both_keys_and_writes_the_checkpoint_into_the_archive()
    {
        Assert.False(await _runs.TryAsync(Cancellation));

        var archived = SignedCheckpoint.Parse(await File.ReadAllTextAsync(Assert.Single(Files()), Cancellation));
        var policy = LogKeys.SuggestedPolicy((await _keys.OpenAsync(Cancellation))!.Keys);
        Assert.Equal(2, TlogPolicy.Parse(policy).Verify(archived).Signatures.Count);
        Assert.Equal((true, TimeSpan.Zero), (_seen.LogWorks, _seen.LogBehind));
        Assert.Empty(_lines.Lines);
    }

    [Fact]
    public async Task A_log_that_somebody_changed_is_reported_and_events_are_stored_as_before()
    {
        await _runs.TryAsync(Cancellation);
        await ExecuteAsync("update jit.jit_log_leaf set leaf = set_byte(leaf, 10, 1)");
        await AppendAsync("carol@example.com");

        Assert.False(await _runs.TryAsync(Cancellation));
        Assert.False(await _runs.TryAsync(Cancellation));

        Assert.Contains("another hash", Assert.Single(_lines.Lines), StringComparison.Ordinal);
        Assert.False(_seen.LogWorks);
        using var measurements = new Measurements(_seen, []);
        using var meter = new MeterReader(measurements);
        Assert.Equal(1, meter.Gauges()["jit.log.failing{}"]);
        Assert.Single(Files());
        await AppendAsync("carol@example.com");
    }

    [Fact]
    public async Task The_command_says_that_all_agrees_or_names_the_first_event_that_does_not()
    {
        await _runs.TryAsync(Cancellation);
        var policy = _files.Write("policy", LogKeys.SuggestedPolicy((await _keys.OpenAsync(Cancellation))!.Keys));

        Assert.Equal((0, "1 events are as the log has them."), await VerifyAsync());
        Assert.Equal(
            (0, "1 events are as the log has them, and all checkpoints are signed as the policy says."),
            await VerifyAsync("--policy", policy)
        );
        await ExecuteAsync("""update jit.mt_events set data = jsonb_set(data, '{publisher}', '"mallory"')""");
        Assert.Equal((1, "sequence 1: The data of the event is not that in the log."), await VerifyAsync());
        Assert.Equal((1, ""), await VerifyAsync("--policy"));
    }

    private async Task<(int Code, string FirstLine)> VerifyAsync(params string[] options)
    {
        var command = await Command.RunAsync(
            "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "JitFunctions.Functions.dll"), "log", "verify", .. options],
            new Dictionary<string, string?> { ["ConnectionStrings__Postgres"] = _connection },
            cancellation: Cancellation
        );
        return (command.ExitCode, command.StdOut.Split('\n')[0]);
    }

    private string[] Files() => Directory.GetFiles(Archive);

    private async Task AppendAsync(string publisher)
    {
        await using var session = _store.LightweightSession();
        session.Events.Append(
            Domain.Policies.PolicyEvent.Stream,
            new Domain.Policies.PolicyEvent.Rejected(
                "sha256:04",
                publisher,
                "folder",
                ["not YAML"],
                DateTimeOffset.UnixEpoch
            )
        );
        await session.SaveChangesAsync(Cancellation);
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = _database.CreateCommand(sql);
        Assert.NotEqual(0, await command.ExecuteNonQueryAsync(Cancellation));
    }
}
