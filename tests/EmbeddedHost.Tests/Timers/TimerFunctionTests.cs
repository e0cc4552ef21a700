using JitFunctions.EmbeddedHost.Tests.Fixtures;
using JitFunctions.EmbeddedHost.Tests.SampleFunctions;
using JitFunctions.EmbeddedHost.Tests.Support;

namespace JitFunctions.EmbeddedHost.Tests.Timers;

public sealed class TimerFunctionTests(PostgresFixture postgres)
{
    [Fact]
    public async Task A_function_that_runs_at_the_start_does_so_on_each_node_once_and_knows_its_next_time()
    {
        var database = await postgres.NewDatabaseAsync();
        await using var first = await TestHost.StartAsync(
            database,
            settings: OptIn.With(nameof(TimerFunctions.AtStart))
        );
        await Eventually.HoldsAsync(() => first.Journal.Lines.Count == 1, "it runs");
        await using var second = await TestHost.StartAsync(
            database,
            settings: OptIn.With(nameof(TimerFunctions.AtStart))
        );
        await Eventually.HoldsAsync(() => second.Journal.Lines.Count == 1, "it runs on the second node, too");

        Assert.Equal(["at start, next 01-01 00:00"], first.Journal.Lines);
        Assert.Equal(first.Journal.Lines, second.Journal.Lines);
    }

    [Fact]
    public async Task A_schedule_that_nobody_watches_tells_no_times()
    {
        await using var host = await TestHost.StartAsync(
            await postgres.NewDatabaseAsync(),
            settings: OptIn.With(nameof(TimerFunctions.AtStartUnwatched))
        );
        await Eventually.HoldsAsync(() => host.Journal.Lines.Count == 1, "it runs", host.Log);

        Assert.Equal("at start, unwatched", host.Journal.Lines[0]);
    }

    [Fact]
    public async Task A_function_that_fails_is_logged_and_runs_again()
    {
        await using var host = await TestHost.StartAsync(
            await postgres.NewDatabaseAsync(),
            settings: OptIn.With(nameof(TimerFunctions.Broken))
        );
        await Eventually.HoldsAsync(() => host.Journal.Lines.Count >= 2, "two runs", host.Log);

        Assert.Contains(
            host.Log.Lines,
            line =>
                line.Contains(nameof(TimerFunctions.Broken), StringComparison.Ordinal)
                && line.Contains("the timer's own words", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Occurrences_come_in_their_order_and_once_each()
    {
        await using var host = await TestHost.StartAsync(
            await postgres.NewDatabaseAsync(),
            settings: OptIn.With(nameof(TimerFunctions.EverySecond))
        );
        await Eventually.HoldsAsync(() => host.Journal.Lines.Count >= 3, "three ticks");

        Assert.Equal(host.Journal.Lines.Distinct(), host.Journal.Lines);
    }
}
