using System.Security.Cryptography;
using JitFunctions.Projections.Log;
using JitFunctions.TransparencyLog.Checkpoints;
using JitFunctions.TransparencyLog.Exports;
using JitFunctions.TransparencyLog.Notes;
using JitFunctions.TransparencyLog.Proofs;
using JitFunctions.TransparencyLog.Verification;
using Npgsql;
using static JitFunctions.Projections.Tests.Samples;

namespace JitFunctions.Projections.Tests.Log;

/// <summary>An event store with a log that is signed by two keys.</summary>
internal sealed class TestLog : IAsyncDisposable
{
    public const string Origin = "jit.example.com/log";

    private readonly EcdsaNoteSigner _ecdsa = new(Origin, ECDsa.Create(ECCurve.NamedCurves.nistP256));
    private readonly Ed25519NoteSigner _ed25519 = new(Origin, Ed25519Key.Generate());

    private TestLog(TestStore store)
    {
        Store = store;
        Policy = TlogPolicy.Parse(PolicyText);
    }

    public TestStore Store { get; }

    public MemoryArchive Archive { get; } = new();

    public TlogPolicy Policy { get; }

    public string PolicyText => $"log {_ecdsa.Key}\nlog {_ed25519.Key}\nquorum none\n";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<TestLog> CreateAsync(EventStoreFixture fixture, int events = 0)
    {
        var log = new TestLog(await fixture.NewStoreAsync());
        for (var i = 0; i < events; i++)
            await log.OpenAsync();
        return log;
    }

    /// <param name="archives">Null for <see cref="Archive"/>.</param>
    public CheckpointSigning Signing(params ICheckpointArchive[]? archives) =>
        new([_ecdsa, _ed25519], archives ?? [Archive], TimeProvider.System);

    /// <summary>A sequencer of a node that has just started.</summary>
    public LogSequencer Sequencer(NpgsqlDataSource? database = null, CheckpointSigning? signing = null) =>
        new(
            Store.Documents,
            database ?? Store.Database,
            signing ?? Signing(null),
            new HeldModel(),
            TimeProvider.System
        );

    public LogSequencer WithoutKeys() =>
        new(Store.Documents, Store.Database, signing: null, new HeldModel(), TimeProvider.System);

    public Task<SequencerRun> RunAsync() => Sequencer().RunAsync(Cancellation);

    /// <summary>One more event.</summary>
    public async Task<string> OpenAsync()
    {
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
        await using var session = Store.Documents.LightweightSession();
        await session.Open(id, Open(), ByAlice, Cancellation);
        return id;
    }

    public async Task<SignedCheckpoint> CheckpointAsync()
    {
        await using var connection = await Store.Database.OpenConnectionAsync(Cancellation);
        return (await connection.ReadCheckpointAsync(size: null, Cancellation))!;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = Store.Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    public async Task<T> ReadAsync<T>(string sql)
    {
        await using var command = Store.Database.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(Cancellation))!;
    }

    public async Task<LogCheckResult> CheckAsync()
    {
        await using var connection = await Store.Database.OpenConnectionAsync(Cancellation);
        return await new LogCheck(Policy).RunAsync(connection, Cancellation);
    }

    public async Task<ExportVerification> VerifyAsync(SignedCheckpoint? known = null)
    {
        await using var connection = await Store.Database.OpenConnectionAsync(Cancellation);
        return await VerifyAsync(connection, known);
    }

    /// <summary>What an auditor does with an export of the whole log.</summary>
    public async Task<ExportVerification> VerifyAsync(NpgsqlConnection connection, SignedCheckpoint? known)
    {
        var checkpoint = await connection.ReadCheckpointAsync(size: null, Cancellation);
        return await VerifyAsync(
            target => connection.ExportLogAsync(checkpoint!, PolicyText, target, Cancellation),
            known
        );
    }

    public async Task<ExportVerification> VerifyAsync(Func<IExportTarget, Task> export, SignedCheckpoint? known = null)
    {
        var file = Path.GetTempFileName();
        try
        {
            await using (var stream = File.Create(file))
            await using (var zip = await ZipTarget.CreateAsync(stream, Cancellation))
                await export(zip);

            using var source = ExportSource.Open(file);
            return await new ExportVerifier(Policy, known).VerifyAsync(source, Cancellation);
        }
        finally
        {
            File.Delete(file);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _ecdsa.Dispose();
        await Store.DisposeAsync();
    }
}

/// <summary>Keeps checkpoints as a storage account does that lets nobody overwrite a blob.</summary>
internal sealed class MemoryArchive : ICheckpointArchive
{
    public SortedDictionary<long, string> Notes { get; } = [];

    public Exception? Failure { get; set; }

    public Task<string?> PutAsync(long size, string note, CancellationToken cancellation) =>
        Failure is not null ? Task.FromException<string?>(Failure)
        : Notes.TryAdd(size, note) ? Task.FromResult<string?>(null)
        : Task.FromResult<string?>(Notes[size]);

    public Task<string?> NewestAsync(CancellationToken cancellation) =>
        Task.FromResult(Notes.Count == 0 ? null : Notes.Values.Last());
}
