using JitFunctions.EmbeddedHost.Tests.Fixtures;
using JitFunctions.EmbeddedHost.Tests.Processes;
using JitFunctions.EmbeddedHost.Tests.Support;

namespace JitFunctions.EmbeddedHost.Tests.Timers;

public sealed class TimerTriggerTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Over_two_nodes_each_occurrence_runs_once_and_a_slow_run_does_not_overlap()
    {
        (string, string)[] settings =
        [
            ("AzureWebJobs__Tick__Disabled", "false"),
            ("AzureWebJobs__SlowTick__Disabled", "false"),
            ("TickSchedule", "*/1 * * * * *"),
        ];
        await using var database = await SampleDatabase.CreateAsync(postgres);
        await using var one = SampleNode.Start(database, settings);
        await using var other = SampleNode.Start(database, settings);
        await database.NodesAsync(2);
        var before = (await database.EffectsAsync("tick")).Count;
        await Eventually.HoldsAsync(
            async () => (await database.EffectsAsync("tick")).Count >= before + 6,
            "six more ticks"
        );
        await Eventually.HoldsAsync(
            async () => (await database.EffectsAsync("slow")).Count >= 4,
            "two runs of the slow timer"
        );

        var ticks = await database.EffectsAsync("tick");
        Assert.Equal(ticks.Select(tick => tick.Step).Distinct(), ticks.Select(tick => tick.Step));
        var slow = (await database.EffectsAsync("slow")).Select(tick => tick.Step).ToArray();
        Assert.Each(slow.Index(), tick => Assert.Equal(tick.Index % 2 == 0 ? "begin" : "end", tick.Item));
    }
}
