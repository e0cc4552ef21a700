using JitFunctions.Projections.Log;
using JitFunctions.TransparencyLog.Tiles;
using Npgsql;
using static JitFunctions.Projections.Tests.Samples;

namespace JitFunctions.Projections.Tests.Log;

public sealed class SequencerTests(EventStoreFixture fixture)
{
    private const string Sequences = "select coalesce(array_agg(seq order by idx), '{}') from jit.jit_log_leaf";
    private const string Stored = "select coalesce(array_agg(seq_id order by seq_id), '{}') from jit.mt_events";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_stored_event_is_one_leaf_in_the_order_of_its_sequence()
    {
        await using var log = await TestLog.CreateAsync(fixture, events: 3);

        Assert.Equal(3, (await log.RunAsync()).Appended);
        await log.OpenAsync();
        var run = await log.RunAsync();

        Assert.Equal(
            (1, 4L, 4L, null),
            (run.Appended, run.Status.Size, run.Status.SignedSize, run.Status.WaitingSince)
        );
        Assert.Equal(await log.ReadAsync<long[]>(Stored), await log.ReadAsync<long[]>(Sequences));
        Assert.Null((await log.CheckAsync()).Problem);
        var export = await log.VerifyAsync();
        Assert.Equal((null, 4L, true, 0L), (export.Problem, export.Leaves, export.IsComplete, export.Erased));
        Assert.Equal(2, export.Signatures.Count);
    }

    [Fact]
    public async Task A_store_without_events_has_an_empty_log()
    {
        await using var log = await TestLog.CreateAsync(fixture);

        Assert.Equal(new SequencerRun(new(0, null, null)), await log.RunAsync());
        Assert.Equal(new LogCheckResult(null, 0), await log.CheckAsync());
    }

    [Fact]
    public async Task Without_keys_the_log_is_built_and_not_signed()
    {
        await using var log = await TestLog.CreateAsync(fixture, events: 2);

        Assert.Equal(new SequencerRun(new(2, null, null), Appended: 2), await log.WithoutKeys().RunAsync(Cancellation));
        // Keys that come later sign all of it.
        Assert.Equal(2, (await log.RunAsync()).Status.SignedSize);
    }

    [Fact]
    public async Task An_event_behind_a_writer_that_is_not_over_waits_and_the_writer_does_not()
    {
        await using var log = await TestLog.CreateAsync(fixture, events: 1);
        await using var connection = await log.Store.Database.OpenConnectionAsync(Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await using var writer = log.Store.Documents.LightweightSession(
            Marten.Services.SessionOptions.ForTransaction(transaction)
        );
        await writer.Open("000000000001", Open(), ByAlice, Cancellation);
        await log.OpenAsync();

        var run = log.RunAsync();
        await log.OpenAsync(); // does not wait for the sequencer
        Assert.False(run.IsCompleted);
        await transaction.CommitAsync(Cancellation);

        // The last event may have come after the run looked which events there are.
        Assert.Equal(4, (await run).Appended + (await log.RunAsync()).Appended);
        Assert.Equal(await log.ReadAsync<long[]>(Stored), await log.ReadAsync<long[]>(Sequences));
    }

    [Fact]
    public async Task Nothing_is_twice_or_lost_with_many_writers_rollbacks_and_sequencers_that_are_killed()
    {
        await using var log = await TestLog.CreateAsync(fixture, events: 1);
        await log.RunAsync();
        var settings = new NpgsqlConnectionStringBuilder(log.Store.Database.ConnectionString)
        {
            ApplicationName = "sequencer",
        };
        await using var ofSequencers = NpgsqlDataSource.Create(settings);
        using var enough = new CancellationTokenSource();
        var (runs, killed, rounds) = (new Count(), new Count(), 0);

        var sequencers = Enumerable
            .Range(0, 3)
            .Select(_ => SequenceAsync(log, ofSequencers, runs, enough.Token))
            .ToList();
        var killer = KillAsync(log, runs, killed, enough.Token);
        while (runs.Value < 3 || killed.Value < 3)
        {
            await Task.WhenAll(Enumerable.Range(0, 6).Select(writer => WriteAsync(log, rollsBack: writer >= 4)));
            Assert.True(
                ++rounds < 60,
                $"{runs.Value} runs appended something, and {killed.Value} were killed; {runs.LastFailure}"
            );
        }

        await enough.CancelAsync();
        await Task.WhenAll([.. sequencers, killer]);
        await log.RunAsync();

        Assert.Equal(1 + (40 * rounds), (await log.ReadAsync<long[]>(Stored)).Length);
        Assert.Equal(await log.ReadAsync<long[]>(Stored), await log.ReadAsync<long[]>(Sequences));
        Assert.Null((await log.CheckAsync()).Problem);
        Assert.Null((await log.VerifyAsync()).Problem);
    }

    [Fact]
    public async Task An_idle_log_costs_one_statement_and_a_batch_the_same_number_for_any_number_of_events()
    {
        await using var log = await TestLog.CreateAsync(fixture, events: 1);
        var sequencer = log.WithoutKeys();
        await sequencer.RunAsync(Cancellation);

        Assert.Equal(1, await CountAsync(log, () => sequencer.RunAsync(Cancellation)));
        await log.OpenAsync();
        var ofOne = await CountAsync(log, () => sequencer.RunAsync(Cancellation));
        for (var i = 0; i < 40; i++)
            await log.OpenAsync();
        SequencerRun? run = null;
        var ofMany = await CountAsync(log, async () => run = await sequencer.RunAsync(Cancellation));

        Assert.Equal(40, run!.Appended);
        Assert.Equal(ofOne, ofMany);
        TestContext.Current.SendDiagnosticMessage($"{ofOne} statements for a run with one batch");
    }

    [Fact]
    public async Task A_log_of_several_batches_and_tiles_is_the_tree_of_its_leaves()
    {
        await using var log = await TestLog.CreateAsync(fixture, events: 1);
        // So many events as no test appends one by one.
        await log.ExecuteAsync(
            """
            insert into jit.mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type)
            select seq_id + n, gen_random_uuid(), stream_id, version + n, data, type, timestamp, tenant_id, mt_dotnet_type
            from jit.mt_events, generate_series(1, 12000) n
            """
        );
        await log.ExecuteAsync("select setval('jit.mt_events_sequence', (select max(seq_id) from jit.mt_events))");

        Assert.Equal(12_001, (await log.RunAsync()).Appended);

        Assert.Null((await log.CheckAsync()).Problem);
        Assert.Null((await log.VerifyAsync()).Problem);
        var full = TileId.Of(12_001).Count(tile => tile is { Level: not null, IsPartial: false });
        Assert.Equal((46, 46L), (full, await log.ReadAsync<long>("select count(*) from jit.jit_log_tile")));
    }

    private static async Task SequenceAsync(
        TestLog log,
        NpgsqlDataSource database,
        Count runs,
        CancellationToken enough
    )
    {
        var sequencer = log.Sequencer(database);
        while (!enough.IsCancellationRequested)
        {
            try
            {
                if ((await sequencer.RunAsync(CancellationToken.None)).Appended > 0)
                    runs.Add(1);
            }
            catch (NpgsqlException e)
            {
                runs.LastFailure = e.Message; // killed
            }
        }
    }

    private static async Task KillAsync(TestLog log, Count runs, Count killed, CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            await Task.Delay(Random.Shared.Next(20, 200), CancellationToken.None);
            // On a slow machine, no run would ever come to its end otherwise.
            if (runs.Value <= killed.Value)
                continue;
            killed.Add(
                await log.ReadAsync<long>(
                    """
                    select count(pg_terminate_backend(pid)) from (
                      select pid from pg_stat_activity
                      where application_name = 'sequencer' and datname = current_database() and state <> 'idle'
                      order by random() limit 1) one
                    """
                )
            );
        }
    }

    private static async Task WriteAsync(TestLog log, bool rollsBack)
    {
        for (var i = 0; i < 10; i++)
        {
            if (!rollsBack)
            {
                await log.OpenAsync();
                continue;
            }

            await using var connection = await log.Store.Database.OpenConnectionAsync(Cancellation);
            await using var transaction = await connection.BeginTransactionAsync(Cancellation);
            await using var session = log.Store.Documents.LightweightSession(
                Marten.Services.SessionOptions.ForTransaction(transaction)
            );
            await session.Open($"{i:x12}", Open(), ByAlice, Cancellation);
            await transaction.RollbackAsync(Cancellation);
        }
    }

    private static async Task<int> CountAsync(TestLog log, Func<Task> run)
    {
        using var statements = new StatementCount(log.Store.Database);
        await run();
        return statements.Count;
    }

    private sealed class Count
    {
        private long _value;

        public string? LastFailure { get; set; }

        public long Value => Interlocked.Read(ref _value);

        public void Add(long more) => Interlocked.Add(ref _value, more);
    }
}
