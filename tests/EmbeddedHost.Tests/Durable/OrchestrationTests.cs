using JitFunctions.EmbeddedHost.Tests.Hosting;
using Microsoft.DurableTask.Client;

namespace JitFunctions.EmbeddedHost.Tests.Durable;

public sealed class OrchestrationTests(PostgresFixture postgres) : IAsyncLifetime
{
    private TestHost _host = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await TestHost.StartAsync(await postgres.NewDatabaseAsync());

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_sequence_passes_results_on()
    {
        var done = await _host.RunAsync(nameof(Orchestrations.Sequence), new Order("apples", 3));

        Assert.Equal(OrchestrationRuntimeStatus.Completed, done.RuntimeStatus);
        Assert.Equal("12 apples", done.ReadOutputAs<string>());
        Assert.Equal(new Order("apples", 3), done.ReadInputAs<Order>());
    }

    [Fact]
    public async Task A_fan_out_gathers_every_result()
    {
        var done = await _host.RunAsync(nameof(Orchestrations.FanOut), 50);

        Assert.Equal(50 * 51, done.ReadOutputAs<int>());
    }

    [Fact]
    public async Task A_retry_policy_tries_until_it_works()
    {
        var done = await _host.RunAsync(nameof(Orchestrations.Retrying));

        Assert.Equal("third time lucky", done.ReadOutputAs<string>());
        Assert.Equal(Enumerable.Repeat($"FailTwice {done.InstanceId}", 3), _host.Journal.Lines);
    }

    [Fact]
    public async Task A_failure_reaches_the_orchestrator_and_the_client()
    {
        var done = await _host.RunAsync(nameof(Orchestrations.Failing));

        Assert.Equal("Fail: first is broken (because of the format)", done.ReadCustomStatusAs<string>());
        Assert.Equal(OrchestrationRuntimeStatus.Failed, done.RuntimeStatus);
        Assert.Equal("Microsoft.DurableTask.TaskFailedException", done.FailureDetails!.ErrorType);
        Assert.Contains("second is broken", done.FailureDetails.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_of_an_unknown_activity_fails()
    {
        var done = await _host.RunAsync(nameof(Orchestrations.CallsNobody));

        Assert.Equal(OrchestrationRuntimeStatus.Failed, done.RuntimeStatus);
        Assert.Contains("There is no activity 'NoSuchActivity'", done.FailureDetails!.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_context_knows_its_instance()
    {
        var done = await _host.RunAsync(nameof(Orchestrations.Facts));

        Assert.Equal([nameof(Orchestrations.Facts), done.InstanceId, "1.5", "other", "on"], done.ReadOutputAs<string[]>()!);
    }

    [Fact]
    public async Task Events_count_once_each_in_their_order_even_before_the_orchestrator_waits()
    {
        var id = await _host.Client.ScheduleNewOrchestrationInstanceAsync(nameof(Orchestrations.ThreeEvents), Cancellation);
        foreach (var letter in new[] { "a", "a", "b" })
            await _host.Client.RaiseEventAsync(id, "LETTER", letter, Cancellation);

        Assert.Equal("aab", (await _host.CompletionAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Events_may_come_before_the_instance()
    {
        foreach (var letter in new[] { "x", "y", "z" })
            await _host.Client.RaiseEventAsync("early bird", "letter", letter, Cancellation);
        await _host.Client.ScheduleNewOrchestrationInstanceAsync(
            nameof(Orchestrations.ThreeEvents), new Microsoft.DurableTask.StartOrchestrationOptions("early bird"), Cancellation);

        Assert.Equal("xyz", (await _host.CompletionAsync("early bird")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task An_event_wins_against_a_timer_and_a_finished_instance_leaves_no_messages()
    {
        var id = await _host.Client.ScheduleNewOrchestrationInstanceAsync(
            nameof(Orchestrations.EventOrTimeout), TimeSpan.FromHours(1), Cancellation);
        await _host.Client.RaiseEventAsync(id, "answer", "in time", Cancellation);

        Assert.Equal("in time", (await _host.CompletionAsync(id)).ReadOutputAs<string>());
        Assert.Equal(0, await Database.CountAsync(_host, "durable.inbox"));
    }

    [Fact]
    public async Task A_cancelled_timer_does_not_stay_behind()
    {
        var id = await _host.Client.ScheduleNewOrchestrationInstanceAsync(nameof(Orchestrations.CancelledTimer), Cancellation);
        await Eventually.HoldsAsync(async () => await Database.CountAsync(_host, "durable.inbox where kind = 'fired'") == 1, "a timer");
        await _host.Client.RaiseEventAsync(id, "cancel", "now", Cancellation);

        await Eventually.HoldsAsync(
            async () => (await _host.Client.GetInstanceAsync(id, true, Cancellation))!.ReadCustomStatusAs<bool>(), "cancelled");
        Assert.Equal(0, await Database.CountAsync(_host, "durable.inbox where kind = 'fired'"));
    }

    [Fact]
    public async Task A_timer_wins_when_no_event_comes()
    {
        var done = await _host.RunAsync(nameof(Orchestrations.EventOrTimeout), TimeSpan.FromMilliseconds(50));

        Assert.Equal("too late", done.ReadOutputAs<string>());
    }

    [Fact]
    public async Task The_custom_status_shows_progress()
    {
        var id = await _host.Client.ScheduleNewOrchestrationInstanceAsync(nameof(Orchestrations.Progress), Cancellation);
        await StatusIs("begun");
        await _host.Client.RaiseEventAsync(id, "go on", "please", Cancellation);
        await StatusIs("half way");
        await _host.Client.RaiseEventAsync(id, "go on", "please", Cancellation);

        Assert.Equal("half way", (await _host.CompletionAsync(id)).ReadCustomStatusAs<Order>()!.Item);

        Task StatusIs(string expected) => Eventually.HoldsAsync(
            async () => (await _host.Client.GetInstanceAsync(id, true, Cancellation))!.ReadCustomStatusAs<Order>()?.Item == expected,
            $"custom status {expected}");
    }

    [Fact]
    public async Task Continue_as_new_keeps_unprocessed_events_and_drops_history()
    {
        var id = await _host.Client.ScheduleNewOrchestrationInstanceAsync(nameof(Orchestrations.Eternal), Cancellation);
        foreach (var letter in "abcdef.")
            await _host.Client.RaiseEventAsync(id, "letter", letter.ToString(), Cancellation);

        Assert.Equal("abcdef", (await _host.CompletionAsync(id)).ReadOutputAs<string>());
        Assert.InRange(await Database.CountAsync(_host, "durable.history"), 1, 10);
    }

    [Fact]
    public async Task An_orchestrator_that_takes_other_steps_on_replay_fails_and_says_where()
    {
        var done = await _host.RunAsync(nameof(Orchestrations.Unstable));

        Assert.Equal(OrchestrationRuntimeStatus.Failed, done.RuntimeStatus);
        Assert.EndsWith("NonDeterministicOrchestrationException", done.FailureDetails!.ErrorType, StringComparison.Ordinal);
        Assert.Contains(
            "at step 1 its history holds a call of activity 'Twice', but on replay the code came with a timer",
            done.FailureDetails.ErrorMessage,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_orchestrator_that_waits_for_something_else_fails_and_says_so()
    {
        var done = await _host.RunAsync(nameof(Orchestrations.Undurable));

        Assert.Contains("waits for something that is not durable", done.FailureDetails!.ErrorMessage, StringComparison.Ordinal);
    }
}
