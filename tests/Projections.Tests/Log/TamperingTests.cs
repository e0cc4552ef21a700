using JitFunctions.Projections.Log;
using JitFunctions.TransparencyLog.Verification;
using Npgsql;

namespace JitFunctions.Projections.Tests.Log;

/// <summary>
/// Changes by the owner of the tables. Each is found by the verification of an export, or by the comparison of the
/// events with the log.
/// </summary>
public sealed class TamperingTests(EventStoreFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(12, 3000)]
    [InlineData(300, 200)]
    public async Task Each_of_thousands_of_random_changes_is_found(int events, int changes)
    {
        await using var log = await TestLog.CreateAsync(fixture, events / 2);
        await log.RunAsync();
        for (var i = events / 2; i < events; i++)
            await log.OpenAsync();
        await log.RunAsync();
        var kept = await log.CheckpointAsync();
        Assert.Null((await log.VerifyAsync(kept)).Problem);
        Assert.Null((await log.CheckAsync()).Problem);

        // A fixed seed: a change that is not found can be looked at again.
        var random = new Random(events);
        await using var connection = await log.Store.Database.OpenConnectionAsync(Cancellation);
        await ExecuteAsync(connection, "select setseed(0.5)");
        var (found, missed) = (0, new List<string>());
        for (var tries = 0; found + missed.Count < changes; tries++)
        {
            Assert.True(tries < 10 * changes, "too few changes were possible");
            await using var transaction = await connection.BeginTransactionAsync(Cancellation);
            if (await Tampering.TryAsync(connection, random) is not { } done)
                continue; // an aborted transaction ends here
            if (await WhyNotFoundAsync(log, connection, done, kept) is { } why)
                missed.Add($"{done.Text}: {why}");
            else
                found++;
        }

        Assert.True(missed is [], string.Join('\n', missed.Take(20)));
        Assert.Equal(changes, found);
    }

    [Theory]
    [InlineData("delete from jit.jit_log_leaf where idx = 3", ExportProblemKind.Order, 3)]
    [InlineData("delete from jit.jit_log_leaf where idx >= 6", ExportProblemKind.Missing, 6)]
    [InlineData("update jit.jit_log_leaf set data = '{}' where idx = 2", ExportProblemKind.Changed, 2)]
    public async Task The_first_leaf_that_is_wrong_is_named(string change, ExportProblemKind kind, long index)
    {
        await using var log = await TestLog.CreateAsync(fixture, events: 8);
        await log.RunAsync();
        await log.ExecuteAsync(change);

        var problem = (await log.VerifyAsync()).Problem;

        Assert.Equal((kind, index), (problem?.Kind, problem?.Index));
    }

    [Fact]
    public async Task The_first_event_that_was_changed_is_named()
    {
        await using var log = await TestLog.CreateAsync(fixture, events: 8);
        await log.RunAsync();
        await log.ExecuteAsync("update jit.mt_events set user_name = 'mallory@example.com' where seq_id in (5, 7)");

        Assert.Equal(
            new LogProblem(5, "Who caused the event, or how, is not what the log has."),
            (await log.CheckAsync()).Problem
        );
        // The log still has what was true.
        Assert.Null((await log.VerifyAsync()).Problem);
    }

    [Fact]
    public async Task An_older_backup_is_found_by_whoever_kept_a_checkpoint()
    {
        await using var log = await TestLog.CreateAsync(fixture, events: 4);
        await log.RunAsync();
        await log.ExecuteAsync("create schema backup");
        foreach (var table in OlderState.Tables)
            await log.ExecuteAsync($"create table backup.{table} as table jit.{table}");
        await log.OpenAsync();
        await log.OpenAsync();
        await log.RunAsync();
        var kept = await log.CheckpointAsync();

        foreach (var table in OlderState.Tables)
            await log.ExecuteAsync($"delete from jit.{table}; insert into jit.{table} table backup.{table}");

        Assert.Null((await log.CheckAsync()).Problem); // nothing in the database tells
        var problem = (await log.VerifyAsync(kept)).Problem;
        Assert.Equal((ExportProblemKind.RolledBack, 4L), (problem?.Kind, problem?.Index));

        // A fork: the log goes on in another way, signed by its own keys, by an app that does not remember.
        for (var i = 0; i < 3; i++)
            await log.OpenAsync();
        await log.Sequencer(signing: log.Signing()).RunAsync(Cancellation);
        Assert.Null((await log.VerifyAsync()).Problem);
        Assert.Equal(ExportProblemKind.Forked, (await log.VerifyAsync(kept)).Problem?.Kind);
    }

    [Fact]
    public async Task A_disclosure_that_is_gone_without_a_recorded_erasure_is_found()
    {
        await using var log = await TestLog.CreateAsync(fixture, events: 3);
        await log.RunAsync();
        await log.ExecuteAsync("delete from jit.jit_log_disclosure where idx = 1");
        await log.ExecuteAsync("update jit.mt_events set user_name = null where seq_id = 2");

        Assert.Equal(2, (await log.CheckAsync()).Problem?.Sequence);
        // An export cannot tell who erased what, and proves the rest.
        var export = await log.VerifyAsync();
        Assert.Null(export.Problem);
        Assert.InRange(export.Erased, 5, 50);
    }

    private static async Task<string?> WhyNotFoundAsync(
        TestLog log,
        NpgsqlConnection connection,
        Tampering done,
        TransparencyLog.Checkpoints.SignedCheckpoint kept
    )
    {
        ExportVerification? export = null;
        try
        {
            export = await log.VerifyAsync(connection, kept);
        }
        catch (LogInconsistentException) { } // the checkpoint is not one: the app answers that
        catch (FormatException) { } // a row cannot be written as text
        var inExport = export is null or { IsValid: false } or { Erased: > 0 } or { UnknownSignatures: > 0 };
        if (done.InExport && !inExport)
            return "the export verifies";
        if (done.Leaf is { } leaf && export?.Problem is { } problem && problem.Index != leaf)
            return $"the export names {problem.Index}: {problem.Reason}";
        return inExport || (await new LogCheck(log.Policy).RunAsync(connection, Cancellation)).Problem is not null
            ? null
            : "nobody finds it";
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
