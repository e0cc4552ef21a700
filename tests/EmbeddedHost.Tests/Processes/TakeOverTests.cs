using JitFunctions.EmbeddedHost.Tests.Fixtures;
using JitFunctions.EmbeddedHost.Tests.Support;

namespace JitFunctions.EmbeddedHost.Tests.Processes;

public sealed class TakeOverTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Two_nodes_share_the_work()
    {
        await using var database = await SampleDatabase.CreateAsync(postgres);
        await using var one = SampleNode.Start(database, ("EmbeddedHost__MaxConcurrentActivities", "4"));
        await using var other = SampleNode.Start(database, ("EmbeddedHost__MaxConcurrentActivities", "4"));
        await database.NodesAsync(2);
        await database.StartAsync("Share", "share", "40");
        await database.OutputAsync("share");

        var effects = await database.EffectsAsync("share");
        Assert.Equal(2, effects.Select(effect => effect.Process).Distinct().Count());
        Assert.Equal(40, effects.Count(effect => effect.Step.EndsWith("done", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_node_takes_over_what_a_killed_one_leaves_long_before_the_lease_runs_out()
    {
        await using var database = await SampleDatabase.CreateAsync(postgres);
        await using var killed = SampleNode.Start(database, ("EmbeddedHost__NodeLease", "00:10:00"));
        await database.NodesAsync(1);
        await database.StartAsync("Hold", "hold", "60000");
        await Eventually.HoldsAsync(
            async () => (await database.EffectsAsync("hold")).Count == 1,
            "the first node at work"
        );
        await using var survivor = SampleNode.Start(database, ("EmbeddedHost__NodeLease", "00:10:00"));
        await database.NodesAsync(2);
        await killed.KillAsync();
        await database.OutputAsync("hold");

        Assert.Equal(2, (await database.EffectsAsync("hold")).Select(effect => effect.Process).Distinct().Count());
    }

    [Fact]
    public async Task A_node_that_is_told_to_stop_leaves_nothing_locked()
    {
        await using var database = await SampleDatabase.CreateAsync(postgres);
        await using var node = SampleNode.Start(database);
        await database.NodesAsync(1);
        await database.StartAsync("Relay", "open");
        await Eventually.HoldsAsync(
            async () => (await database.EffectsAsync("open")).Count == 5,
            "the relay waiting for its event"
        );
        await node.StopAsync();

        Assert.Equal(0L, await database.ScalarAsync<long>("select count(*) from taskhub.nodes"));
        Assert.Equal(
            0L,
            await database.ScalarAsync<long>("select count(*) from taskhub.instances where owner is not null")
        );
        Assert.DoesNotContain("fail:", node.Log(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_was_paused_beyond_its_lease_cannot_write_and_joins_again()
    {
        await using var database = await SampleDatabase.CreateAsync(postgres);
        await using var paused = SampleNode.Start(database, ("EmbeddedHost__NodeLease", "00:00:05"));
        await database.NodesAsync(1);
        await database.StartAsync("Hold", "hold", "10000");
        await Eventually.HoldsAsync(
            async () => (await database.EffectsAsync("hold")).Count == 1,
            "the first node at work"
        );
        await paused.PauseAsync();
        await using var other = SampleNode.Start(database, ("EmbeddedHost__NodeLease", "00:00:05"));
        var output = await database.OutputAsync("hold");
        var history = await database.ScalarAsync<string>(
            "select string_agg(event::text, ',' order by position) from taskhub.history"
        );

        await paused.ResumeAsync();
        await Eventually.HoldsAsync(
            async () => (await database.EffectsAsync("hold")).Count(effect => effect.Step == "hold done") == 2,
            "the paused activity ended too"
        );
        await Eventually.HoldsAsync(
            () => paused.Log().Split("Joined as node").Length >= 3,
            "the paused node joined again"
        );
        await database.NodesAsync(2);

        Assert.Equal(
            (await database.EffectsAsync("hold"))[1]
                .Process.ToString(System.Globalization.CultureInfo.InvariantCulture),
            output
        );
        Assert.Equal(output, await database.OutputAsync("hold"));
        Assert.Equal(
            history,
            await database.ScalarAsync<string>(
                "select string_agg(event::text, ',' order by position) from taskhub.history"
            )
        );
        await Eventually.HoldsAsync(
            () =>
                paused
                    .Log()
                    .Contains("Another node has taken over activity Work of instance hold", StringComparison.Ordinal),
            "the paused node knows why"
        );
    }
}
