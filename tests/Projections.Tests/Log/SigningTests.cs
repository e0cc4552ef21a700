using JitFunctions.Projections.Log;
using JitFunctions.TransparencyLog.Merkle;

namespace JitFunctions.Projections.Tests.Log;

public sealed class SigningTests(EventStoreFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_stored_was_published_before()
    {
        await using var log = await TestLog.CreateAsync(fixture, events: 2);
        log.Archive.Failure = new IOException("full");

        await Assert.ThrowsAsync<IOException>(() => log.RunAsync());

        Assert.Equal((2L, 0L), (await SizeAsync(log), await CountAsync(log)));
        log.Archive.Failure = null;
        Assert.Equal(2, (await log.RunAsync()).Status.SignedSize);
        Assert.Equal((await log.CheckpointAsync()).ToString(), log.Archive.Notes[2]);
    }

    [Fact]
    public async Task A_node_that_ended_between_publishing_and_storing_is_followed_by_one_that_stores_the_same()
    {
        await using var log = await TestLog.CreateAsync(fixture, events: 2);
        await log.RunAsync();
        var published = log.Archive.Notes[2];
        await log.ExecuteAsync("delete from jit.jit_log_checkpoint");

        await log.RunAsync();

        Assert.Equal(published, (await log.CheckpointAsync()).ToString());
    }

    [Fact]
    public async Task A_checkpoint_is_proven_to_continue_an_earlier_one()
    {
        await using var log = await TestLog.CreateAsync(fixture, events: 3);
        await log.RunAsync();
        var earlier = await log.CheckpointAsync();
        for (var i = 0; i < 5; i++)
            await log.OpenAsync();
        await log.RunAsync();
        var later = await log.CheckpointAsync();

        await using var connection = await log.Store.Database.OpenConnectionAsync(Cancellation);
        var proof = await connection.ProveConsistencyAsync(3, later, Cancellation);

        Assert.True(ConsistencyProof.Verify(3, earlier.Checkpoint.Root, 8, later.Checkpoint.Root, proof.Hashes));
        Assert.Equal(3, (await log.VerifyAsync(earlier)).ConsistentWith);
    }

    [Fact]
    public async Task An_export_of_one_request_has_its_leaves_with_proofs_and_no_others()
    {
        await using var log = await TestLog.CreateAsync(fixture, events: 3);
        var id = await log.OpenAsync();
        await log.OpenAsync();
        await log.RunAsync();

        await using var connection = await log.Store.Database.OpenConnectionAsync(Cancellation);
        var checkpoint = await log.CheckpointAsync();
        var export = await log.VerifyAsync(target =>
            connection.ExportStreamAsync(checkpoint, log.PolicyText, id, target, Cancellation)
        );

        Assert.Equal((null, 1L, false), (export.Problem, export.Leaves, export.IsComplete));
    }

    /// <summary>Each was true of the database before; the app must not sign on.</summary>
    [Theory]
    [InlineData("update jit.jit_log_leaf set leaf = set_byte(leaf, 20, 1) where idx = 4", "another hash")]
    [InlineData("update jit.jit_log_leaf set hash = set_byte(hash, 20, 1) where idx = 4", "another hash")]
    [InlineData("delete from jit.jit_log_leaf where idx = 4", "not where one should be")]
    [InlineData("delete from jit.jit_log_leaf where idx = 7", "no leaf 7")]
    [InlineData("update jit.jit_log_head set frontier = set_byte(frontier, 20, 1)", "another root")]
    [InlineData("update jit.jit_log_head set root = set_byte(root, 20, 1)", "another root")]
    [InlineData("update jit.jit_log_head set frontier = '\\x01'", "32 bytes")]
    [InlineData("delete from jit.jit_log_head", "not where one should be")]
    [InlineData(
        "insert into jit.jit_log_head select 2, size, frontier, root, seq from jit.jit_log_head",
        "more than one"
    )]
    [InlineData("insert into jit.jit_log_tile values (0, 0, '\\x01', '\\x01')", "not where one should be")]
    [InlineData(
        "update jit.jit_log_checkpoint set note = replace(note, 'A', 'B') where size = 8",
        "not signed|not one"
    )]
    public async Task A_log_that_somebody_changed_is_neither_continued_nor_signed(string change, string why)
    {
        await using var log = await TestLog.CreateAsync(fixture, events: 8);
        await log.RunAsync();
        await log.OpenAsync();
        await log.ExecuteAsync(change);

        var refused = await Assert.ThrowsAsync<LogInconsistentException>(() => log.RunAsync());

        Assert.Matches(why, refused.Message);
        Assert.Equal(8, await log.ReadAsync<long>("select max(size) from jit.jit_log_checkpoint"));
        // Grants do not depend on the log.
        await log.OpenAsync();
    }

    [Fact]
    public async Task A_database_that_was_restored_from_a_backup_is_not_signed_again()
    {
        await using var log = await TestLog.CreateAsync(fixture, events: 3);
        await log.RunAsync();
        await log.ExecuteAsync("create schema backup");
        foreach (var table in OlderState.Tables)
            await log.ExecuteAsync($"create table backup.{table} as table jit.{table}");
        await log.OpenAsync();
        await log.OpenAsync();
        var sequencer = log.Sequencer();
        await sequencer.RunAsync(Cancellation);

        foreach (var table in OlderState.Tables)
            await log.ExecuteAsync($"delete from jit.{table}; insert into jit.{table} table backup.{table}");
        await log.OpenAsync();

        // The node that signed, and one that has just started.
        foreach (var node in new[] { sequencer, log.Sequencer() })
        {
            var refused = await Assert.ThrowsAsync<LogInconsistentException>(() => node.RunAsync(Cancellation));
            Assert.Contains("has signed 5 leaves before, and has only 4", refused.Message, StringComparison.Ordinal);
        }

        // Even when the log is as long again.
        await log.OpenAsync();
        await log.OpenAsync();
        Assert.Contains(
            "does not continue",
            (await Assert.ThrowsAsync<LogInconsistentException>(() => log.RunAsync())).Message,
            StringComparison.Ordinal
        );
    }

    private static Task<long> SizeAsync(TestLog log) => log.ReadAsync<long>("select size from jit.jit_log_head");

    private static Task<long> CountAsync(TestLog log) =>
        log.ReadAsync<long>("select count(*) from jit.jit_log_checkpoint");
}

/// <summary>The tables that a backup has.</summary>
internal static class OlderState
{
    public static readonly IReadOnlyList<string> Tables =
    [
        "jit_log_leaf",
        "jit_log_disclosure",
        "jit_log_tile",
        "jit_log_head",
        "jit_log_checkpoint",
        "mt_events",
    ];
}
