using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Requests;
using JitFunctions.Projections.Held;
using JitFunctions.Projections.Log;
using JitFunctions.Projections.Tests.Log;
using static JitFunctions.Domain.Requests.AccessRequestEvent;
using static JitFunctions.Projections.Tests.Samples;

namespace JitFunctions.Projections.Tests.Held;

public sealed class HeldTests(EventStoreFixture fixture)
{
    private static readonly DenialProof Denied = new(DenialVerdict.Denied, "denied");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_answer_is_the_same_when_it_is_asked_again_with_its_checkpoint_whatever_happened_since()
    {
        await using var log = await TestLog.CreateAsync(fixture);
        await AppendAsync(log, "a", [.. Open(), new ActivationStarted(Noon)]);
        await AppendAsync(log, "a", new Activated(Noon.AddMinutes(90), [Binding], Noon.AddMinutes(1)));
        await log.RunAsync();
        var size = (await log.CheckpointAsync()).Checkpoint.Size;
        var at = new HeldQuestion(Noon.AddMinutes(30), Noon.AddMinutes(30), "demo", null, null, null, 100);
        var ever = new HeldQuestion(null, null, null, "ALICE@example.com", null, null, 100);
        var (first, firstEver) = (await AskAsync(log, at, size), await AskAsync(log, ever, size));

        await AppendAsync(log, "a", new Extended(Noon.AddHours(3), Noon.AddMinutes(20)));
        await AppendAsync(log, "a", new EndingStarted(EndingCause.Revoked, Bob, null, Noon.AddMinutes(25)));
        await AppendAsync(log, "a", new Ended(EndingCause.Revoked, Denied, Noon.AddMinutes(26)));
        await AppendAsync(log, "b", [.. Open(), new ActivationStarted(Noon.AddMinutes(2))]);
        await log.RunAsync();
        var later = (await log.CheckpointAsync()).Checkpoint.Size;

        Assert.Equal(first, await AskAsync(log, at, size));
        Assert.Equal(firstEver, await AskAsync(log, ever, size));
        var item = Assert.Single(first);
        Assert.Equal(
            ("a", "active", Noon.AddMinutes(1), null, Noon.AddMinutes(90)),
            (item.Request, item.Status, item.From, item.Until, item.Promised)
        );
        Assert.Equal(["b"], (await AskAsync(log, at, later)).Select(one => one.Request));
        Assert.Equal(
            ["activating", "active", "activating", "active", "ending"],
            (await AskAsync(log, ever, later)).Select(one => one.Status)
        );
    }

    [Fact]
    public async Task A_grant_is_held_until_the_proof_of_denial_and_not_only_until_its_expiry()
    {
        await using var log = await TestLog.CreateAsync(fixture);
        var expiry = Noon.AddMinutes(90);
        await AppendAsync(
            log,
            "a",
            [.. Open(), new ActivationStarted(Noon), new Activated(expiry, [Binding], Noon.AddMinutes(1))]
        );
        await AppendAsync(log, "a", new EndingStarted(EndingCause.Expired, Bob, null, expiry));
        // The cluster did not answer for a month.
        var proof = expiry.AddDays(30);
        await AppendAsync(log, "a", new Ended(EndingCause.Expired, Denied, proof));
        await log.RunAsync();
        var size = (await log.CheckpointAsync()).Checkpoint.Size;

        var late = Assert.Single(await AskAsync(log, At(proof.AddTicks(-10)), size));

        Assert.Equal(
            ("ending", expiry, proof, expiry, "denied"),
            (late.Status, late.From, late.Until, late.Promised, late.Proof)
        );
        Assert.Empty(await AskAsync(log, At(proof), size));
        Assert.Empty(await AskAsync(log, At(Noon.AddTicks(-10)), size));
        Assert.Single(await AskAsync(log, At(Noon), size));
    }

    [Fact]
    public async Task Pages_have_each_row_once()
    {
        await using var log = await TestLog.CreateAsync(fixture);
        for (var i = 0; i < 7; i++)
            await AppendAsync(log, $"r{i}", [.. Open(), new ActivationStarted(Noon.AddMinutes(i / 3))]);
        await log.RunAsync();
        var size = (await log.CheckpointAsync()).Checkpoint.Size;

        var found = new List<string>();
        for (HeldMark? mark = null; ; )
        {
            var page = await AskAsync(log, At(Noon.AddHours(1)) with { After = mark, Limit = 2 }, size);
            found.AddRange(page.Take(2).Select(one => one.Request));
            if (page.Count <= 2)
                break;
            mark = page[1].Mark();
        }

        Assert.Equal(Enumerable.Range(0, 7).Select(i => $"r{i}"), found);
    }

    [Fact]
    public async Task A_namespace_also_finds_who_had_all_of_them()
    {
        await using var log = await TestLog.CreateAsync(fixture);
        var wide = Terms with { Scope = Terms.Scope with { ClusterWide = true, Namespaces = [] } };
        await AppendAsync(log, "w", [.. Open(As(Alice), wide), new ActivationStarted(Noon)]);
        await AppendAsync(log, "p", [.. Open(), new ActivationStarted(Noon)]);
        await log.RunAsync();
        var size = (await log.CheckpointAsync()).Checkpoint.Size;
        var question = new HeldQuestion(null, null, "demo", null, "payments", null, 100);

        Assert.Equal(["p", "w"], (await AskAsync(log, question, size)).Select(one => one.Request));
        Assert.Equal(
            [("w", "*")],
            (await AskAsync(log, question with { Namespace = "other" }, size)).Select(one =>
                (one.Request, one.Namespace)
            )
        );
    }

    [Fact]
    public async Task Rows_that_somebody_changed_added_or_removed_are_found_and_written_anew_while_the_log_goes_on()
    {
        await using var log = await TestLog.CreateAsync(fixture);
        foreach (var id in new[] { "a", "b", "c" })
            await AppendAsync(log, id, [.. Open(), new ActivationStarted(Noon)]);
        await log.RunAsync();
        Assert.Empty(await CompareAsync(log, repair: false));

        await log.ExecuteAsync("update jit.jit_held set live_until = live_from, lasting = false where grant_id = 'a'");
        await log.ExecuteAsync("delete from jit.jit_held where grant_id = 'b'");
        await log.ExecuteAsync(
            """
            insert into jit.jit_held select (jsonb_populate_record(h, '{"grant_id": "nobody"}')).* from jit.jit_held h
            where grant_id = 'c'
            """
        );
        var writing = Task.Run(
            async () =>
            {
                for (var i = 0; i < 5; i++)
                {
                    await AppendAsync(log, $"w{i}", [.. Open(), new ActivationStarted(Noon)]);
                    await log.RunAsync();
                }
            },
            Cancellation
        );

        Assert.Equal(["a", "b", "nobody"], (await CompareAsync(log, repair: true)).Order());
        await writing;
        Assert.Empty(await CompareAsync(log, repair: false));
        Assert.Equal(8, await log.ReadAsync<long>("select count(*) from jit.jit_held"));
    }

    private static async Task<IReadOnlyList<string>> CompareAsync(TestLog log, bool repair)
    {
        var found = new List<string>();
        await new ReadModels(log.Store.Documents, log.Store.Database).CompareAsync(
            repair,
            difference =>
            {
                found.Add(difference.Stream);
                return Task.CompletedTask;
            },
            Cancellation
        );
        return found;
    }

    internal static async Task AppendAsync(TestLog log, string id, params IReadOnlyList<AccessRequestEvent> events)
    {
        await using var session = log.Store.Documents.LightweightSession();
        BySystem.StampOn(session, "demo");
        session.Events.Append(id, events);
        await session.SaveChangesAsync(Cancellation);
    }

    private static HeldQuestion At(DateTimeOffset time) => new(time, time, "demo", null, null, null, 100);

    private static async Task<IReadOnlyList<HeldItem>> AskAsync(TestLog log, HeldQuestion question, long size)
    {
        await using var connection = await log.Store.Database.OpenConnectionAsync(Cancellation);
        return await connection.FindHeldAsync(
            question,
            (await connection.ReadCheckpointAsync(size, Cancellation))!.Checkpoint,
            Cancellation
        );
    }
}
