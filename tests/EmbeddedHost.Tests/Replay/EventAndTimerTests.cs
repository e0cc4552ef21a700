using JitFunctions.EmbeddedHost.Durable.Replay;

namespace JitFunctions.EmbeddedHost.Tests.Replay;

public sealed class EventAndTimerTests
{
    [Fact]
    public void An_event_that_overtakes_the_start_is_kept()
    {
        var script = new Script(async context => await context.WaitForExternalEvent<int>("go"));

        Assert.Equal(new Outcome.Completed("7"), script.Send(new Started(), Raised("go", "7")).Outcome);
    }

    [Fact]
    public void An_event_goes_to_the_latest_wait_and_never_to_a_cancelled_one()
    {
        var script = new Script(async context =>
        {
            using var cancel = new CancellationTokenSource();
            var first = context.WaitForExternalEvent<int>("go");
            var second = context.WaitForExternalEvent<int>("go");
            var third = context.WaitForExternalEvent<int>("go", cancel.Token);
            cancel.Cancel();
            return $"{await second} then {await first}, {(third.IsCanceled ? "cancelled" : "open")}";
        });
        script.Start();
        script.Send(Raised("go", "1"));

        Assert.Equal(new Outcome.Completed("\"1 then 2, cancelled\""), script.Send(Raised("go", "2")).Outcome);
    }

    [Fact]
    public void A_cancelled_timer_is_taken_back()
    {
        var script = new Script(async context =>
        {
            using var cancel = new CancellationTokenSource();
            var timer = context.CreateTimer(TimeSpan.FromHours(1), cancel.Token);
            var raised = context.WaitForExternalEvent<int>("go");
            await Task.WhenAny(timer, raised);
            cancel.Cancel();
            await context.CallActivityAsync("A");
            return timer.IsCanceled;
        });
        Assert.Equal(1, Assert.Single(script.Start().Timers).TaskId);
        Assert.Equal(1, Assert.Single(script.Send(Raised("go", "1")).CancelledTimers).TaskId);

        Assert.Equal(new Outcome.Completed("true"), script.Send(new TimerFired(1, Script.Noon), new ActivityCompleted(2, null)).Outcome);
    }

    [Fact]
    public void A_wait_with_a_timeout_gives_up_when_its_timer_fires()
    {
        var script = new Script(async context => await context.WaitForExternalEvent<int>("go", TimeSpan.FromMinutes(1)));
        script.Start();
        var failed = Assert.IsType<Outcome.Failed>(script.Send(new TimerFired(1, Script.Noon.AddMinutes(1))).Outcome);

        Assert.True(failed.Failure.IsCausedBy<TaskCanceledException>());
    }

    [Fact]
    public void A_wait_with_a_timeout_takes_its_timer_back_when_the_event_comes()
    {
        var script = new Script(async context =>
        {
            await context.WaitForExternalEvent<int>("go", TimeSpan.FromMinutes(1));
            return await context.CallActivityAsync<int>("A");
        });
        script.Start();

        Assert.Single(script.Send(Raised("go", "1")).CancelledTimers);
    }

    [Fact]
    public void An_event_that_cannot_be_read_fails_the_wait()
    {
        var script = new Script(async context => await context.WaitForExternalEvent<int>("go"));
        script.Start();

        Assert.IsType<Outcome.Failed>(script.Send(Raised("go", "\"not a number\"")).Outcome);
    }

    [Theory]
    [InlineData(true, 2)]
    [InlineData(false, 0)]
    public void Continue_as_new_keeps_unprocessed_events_if_told_to(bool preserve, int kept)
    {
        var script = new Script(async context =>
        {
            await context.WaitForExternalEvent<int>("go");
            context.ContinueAsNew("next", preserve);
            return null;
        });
        script.Start();
        var next = Assert.IsType<Outcome.ContinuedAsNew>(script.Send(Raised("go", "1"), Raised("go", "2"), Raised("else", "3")).Outcome);

        Assert.Equal("\"next\"", next.Input);
        Assert.Equal(kept, next.Events.Count);
    }

    private static EventRaised Raised(string name, string payload) => new(name, payload, Script.Noon);
}
