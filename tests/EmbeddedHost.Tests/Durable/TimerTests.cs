using JitFunctions.EmbeddedHost.Storage;
using JitFunctions.EmbeddedHost.Tests.Fixtures;
using JitFunctions.EmbeddedHost.Tests.SampleFunctions;
using JitFunctions.EmbeddedHost.Tests.Support;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace JitFunctions.EmbeddedHost.Tests.Durable;

/// <summary>Durable timers, on a node whose clock the test sets.</summary>
public sealed class TimerTests(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly ShiftedTime _time = new();
    private TestHost _host = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        _host = await TestHost.StartAsync(
            await postgres.NewDatabaseAsync(),
            builder => builder.Services.AddSingleton<TimeProvider>(_time),
            ("EmbeddedHost:PollInterval", "00:00:00.1")
        );

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_long_timer_goes_in_legs_of_three_days()
    {
        var id = await _host.Client.ScheduleNewOrchestrationInstanceAsync(
            nameof(Orchestrations.LongWait),
            TimeSpan.FromDays(7),
            Cancellation
        );
        foreach (var (leg, days) in new[] { (1, 3.0), (2, 3.0), (3, 1.0) })
        {
            await Eventually.HoldsAsync(
                async () => await Timers($"due_at > '{_time.GetUtcNow():O}'") == 1,
                $"leg {leg} waits"
            );
            var due = await Due();
            Assert.InRange((due - _time.GetUtcNow()).TotalDays, days - 0.01, days);
            Assert.Equal(
                OrchestrationRuntimeStatus.Running,
                (await _host.Client.GetInstanceAsync(id, Cancellation))!.RuntimeStatus
            );
            _time.Shift(due - _time.GetUtcNow() + TimeSpan.FromMilliseconds(10));
        }

        Assert.Equal("slept", (await _host.CompletionAsync(id)).ReadOutputAs<string>());
        Assert.Equal(
            3,
            await Database.CountAsync(
                _host,
                $"taskhub.history where instance_id = '{id}' and event->'timerFired' is not null"
            )
        );
    }

    [Fact]
    public async Task A_cancelled_timer_disturbs_nobody_when_its_time_comes()
    {
        var id = await _host.Client.ScheduleNewOrchestrationInstanceAsync(
            nameof(Orchestrations.CancelledTimer),
            Cancellation
        );
        await Eventually.HoldsAsync(async () => await Timers("true") == 1, "a timer");
        await _host.Client.RaiseEventAsync(id, "cancel", "now", Cancellation);
        await Eventually.HoldsAsync(
            async () => (await _host.Client.GetInstanceAsync(id, true, Cancellation))!.SerializedCustomStatus == "true",
            "cancelled"
        );
        _time.Shift(TimeSpan.FromHours(1));
        await Eventually.HoldsAsync(async () => await Timers("true") == 0, "the timer is gone");

        Assert.Equal(
            OrchestrationRuntimeStatus.Running,
            (await _host.Client.GetInstanceAsync(id, Cancellation))!.RuntimeStatus
        );
        await _host.Client.RaiseEventAsync(id, "end", "now", Cancellation);
        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await _host.CompletionAsync(id)).RuntimeStatus);
    }

    [Fact]
    public async Task An_orchestrators_time_does_not_run_backwards_with_its_nodes_clock()
    {
        var id = await _host.Client.ScheduleNewOrchestrationInstanceAsync(
            nameof(Orchestrations.TwoTimes),
            Cancellation
        );
        await _host.Client.WaitForInstanceStartAsync(id, Cancellation);
        await Eventually.HoldsAsync(
            async () => await Database.CountAsync(_host, "taskhub.history") > 0,
            "its first turn"
        );
        _time.Shift(-TimeSpan.FromMinutes(1));
        await _host.Client.RaiseEventAsync(id, "go", "now", Cancellation);
        var times = (await _host.CompletionAsync(id)).ReadOutputAs<DateTime[]>()!;

        Assert.True(times[1] >= times[0], $"{times[0]:O} then {times[1]:O}");
    }

    private Task<long> Timers(string which) =>
        Database.CountAsync(_host, $"taskhub.inbox where kind = 'fired' and {which}");

    private async Task<DateTimeOffset> Due()
    {
        await using var read = _host
            .Services.GetRequiredService<TaskHubDatabase>()
            .Source.CreateCommand("select max(due_at) from taskhub.inbox where kind = 'fired'");
        return new DateTimeOffset((DateTime)(await read.ExecuteScalarAsync(Cancellation))!);
    }
}
