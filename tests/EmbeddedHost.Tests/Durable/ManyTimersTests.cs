using JitFunctions.EmbeddedHost.Tests.Fixtures;
using JitFunctions.EmbeddedHost.Tests.SampleFunctions;
using JitFunctions.EmbeddedHost.Tests.Support;

namespace JitFunctions.EmbeddedHost.Tests.Durable;

public sealed class ManyTimersTests(PostgresFixture postgres)
{
    [Fact]
    public async Task A_thousand_timers_all_fire_once_and_none_of_them_early()
    {
        await using var host = await TestHost.StartAsync(await postgres.NewDatabaseAsync());
        var first = DateTime.SpecifyKind(TimeProvider.System.GetUtcNow().UtcDateTime, DateTimeKind.Utc).AddSeconds(1);
        var due = Enumerable
            .Range(0, 1000)
            .Select(number => first.AddMilliseconds(number * 3).AddTicks(number))
            .ToArray();
        await Parallel.ForEachAsync(
            due,
            TestContext.Current.CancellationToken,
            async (time, cancellation) =>
                await host.Client.ScheduleNewOrchestrationInstanceAsync(nameof(Orchestrations.Nap), time, cancellation)
        );

        await Eventually.HoldsAsync(
            async () => await Database.CountAsync(host, "taskhub.instances where status = 'Completed'") == due.Length,
            "all timers fired"
        );

        Assert.Equal(Enumerable.Repeat("on time", due.Length), host.Journal.Lines);
        Assert.Equal(
            due.Length,
            await Database.CountAsync(host, "taskhub.history where event->'timerFired' is not null")
        );
        Assert.Equal(
            0,
            await Database.CountAsync(
                host,
                "taskhub.instances where (output::json #>> '{}')::timestamptz < (input::json #>> '{}')::timestamptz"
            )
        );
    }
}
