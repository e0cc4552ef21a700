using JitFunctions.EmbeddedHost.Durable.Replay;
using Microsoft.DurableTask;

namespace JitFunctions.EmbeddedHost.Tests.Replay;

public sealed class ReplayerTests
{
    [Fact]
    public void Steps_come_one_after_the_other_as_results_come_in()
    {
        var script = new Script(async context =>
        {
            var doubled = await context.CallActivityAsync<int>("Double", context.GetInput<int>());
            return await context.CallActivityAsync<string>("Print", doubled);
        }, input: "21");

        Assert.Equal([new ActivityCalled(1, "Double") { Input = "21" }], script.Start().Activities);
        Assert.Equal([new ActivityCalled(2, "Print") { Input = "42" }], script.Send(new ActivityCompleted(1, "42")).Activities);
        Assert.Equal(new Outcome.Completed("\"done\""), script.Send(new ActivityCompleted(2, "\"done\"")).Outcome);
    }

    [Fact]
    public void Each_activity_is_asked_for_in_one_turn_only()
    {
        var script = new Script(async context => await Task.WhenAll(
            context.CallActivityAsync<int>("A"), context.CallActivityAsync<int>("B"), context.CallActivityAsync<int>("C")));

        Assert.Equal(["A", "B", "C"], script.Start().Activities.Select(call => call.Name));
        Assert.Empty(script.Send(new ActivityCompleted(2, "2")).Activities);
        Assert.Equal(new Outcome.Completed("[1,2,3]"), script.Send(new ActivityCompleted(3, "3"), new ActivityCompleted(1, "1")).Outcome);
    }

    [Fact]
    public void A_result_that_comes_twice_counts_once()
    {
        var script = new Script(async context => await context.CallActivityAsync<int>("A") + await context.CallActivityAsync<int>("B"));
        script.Start();
        script.Send(new ActivityCompleted(1, "1"), new ActivityCompleted(1, "50"));

        Assert.Equal(new Outcome.Completed("3"), script.Send(new ActivityCompleted(1, "90"), new ActivityCompleted(2, "2")).Outcome);
    }

    [Fact]
    public void Code_sees_the_times_and_guids_of_its_first_run()
    {
        List<(DateTime Time, Guid Guid)> seen = [];
        var script = new Script(async context =>
        {
            seen.Add((context.CurrentUtcDateTime, context.NewGuid()));
            await context.CallActivityAsync("A");
            seen.Add((context.CurrentUtcDateTime, context.NewGuid()));
            await context.CallActivityAsync("B");
            return null;
        });
        script.Start();
        script.Now = Script.Noon.AddMinutes(5);
        script.Send(new ActivityCompleted(1, null));
        script.Now = Script.Noon.AddMinutes(9);
        script.Send(new ActivityCompleted(2, null));

        Assert.Equal([0, 0, 5, 0, 5], seen.Select(moment => (moment.Time - Script.Noon).TotalMinutes));
        Assert.Equal(2, seen.Select(moment => moment.Guid).Distinct().Count());
    }

    [Fact]
    public void Time_does_not_run_backwards_between_nodes_whose_clocks_differ()
    {
        DateTime seen = default;
        var script = new Script(async context =>
        {
            await context.CreateTimer(TimeSpan.FromMinutes(1), CancellationToken.None);
            seen = context.CurrentUtcDateTime;
            return null;
        });
        var timer = Assert.Single(script.Start().Timers);
        script.Now = Script.Noon.AddSeconds(-30);
        script.Send(new TimerFired(timer.TaskId, timer.FireAt));

        Assert.Equal(Script.Noon.AddMinutes(1), seen);
    }

    [Fact]
    public void Logging_is_silent_during_replay()
    {
        List<bool> replaying = [];
        var script = new Script(async context =>
        {
            replaying.Add(context.IsReplaying);
            await context.CallActivityAsync("A");
            replaying.Add(context.IsReplaying);
            return null;
        });
        script.Start();
        script.Send(new ActivityCompleted(1, null));

        Assert.Equal([false, true, false], replaying);
    }

    [Fact]
    public void A_retry_waits_longer_each_time_and_gives_up_in_the_end()
    {
        var policy = new RetryPolicy(3, TimeSpan.FromSeconds(10), backoffCoefficient: 3);
        var script = new Script(async context => await context.CallActivityAsync<string>("A", options: new TaskOptions(policy)));
        var failure = new TaskFailureDetails("System.Exception", "broken", null, null, null);

        script.Start();
        Assert.Equal(Script.Noon.AddSeconds(10), Assert.Single(script.Send(new ActivityFailed(1, failure)).Timers).FireAt);
        Assert.Equal("A", Assert.Single(script.Send(new TimerFired(2, Script.Noon.AddSeconds(10))).Activities).Name);
        Assert.Equal(Script.Noon.AddSeconds(40), Assert.Single(script.Send(new ActivityFailed(3, failure)).Timers).FireAt);
        script.Send(new TimerFired(4, Script.Noon.AddSeconds(40)));
        var last = Assert.IsType<Outcome.Failed>(script.Send(new ActivityFailed(5, failure)).Outcome);

        Assert.Equal("Task 'A' (#5) failed with an unhandled exception: broken", last.Failure.ErrorMessage);
    }

    [Theory]
    [InlineData(1, 0, 10)]
    [InlineData(2, 0, 20)]
    [InlineData(3, 0, 25)]
    [InlineData(4, 0, null)]
    [InlineData(1, 100, null)]
    public void The_retry_policy_limits_attempts_intervals_and_time(int attempts, int elapsedSeconds, int? expectedSeconds)
    {
        var policy = new RetryPolicy(4, TimeSpan.FromSeconds(10), 2, TimeSpan.FromSeconds(25), TimeSpan.FromSeconds(100));
        var failure = new TaskFailureDetails("System.Exception", "broken", null, null, null);

        Assert.Equal(expectedSeconds, (int?)ActivityRetry.NextDelay(policy, attempts, TimeSpan.FromSeconds(elapsedSeconds), failure)?.TotalSeconds);
    }

    [Fact]
    public void A_retry_handler_decides_after_each_failure()
    {
        var handler = TaskOptions.FromRetryHandler(retry => retry.LastAttemptNumber < 2 && retry.LastFailure.IsCausedBy<InvalidOperationException>());
        var script = new Script(async context => await context.CallActivityAsync<string>("A", options: handler));
        var failure = TaskFailureDetails.FromException(new ObjectDisposedException("a kind of InvalidOperationException"));

        script.Start();
        Assert.Single(script.Send(new ActivityFailed(1, failure)).Activities);
        Assert.IsType<Outcome.Failed>(script.Send(new ActivityFailed(2, failure)).Outcome);
    }

    [Fact]
    public void A_termination_ends_the_instance_without_running_its_code()
    {
        var script = new Script(_ => throw new InvalidOperationException("must not run"));

        Assert.Equal(new Outcome.Ended("\"over\""), script.Send(new Terminated("\"over\"")).Outcome);
    }
}
