using JitFunctions.EmbeddedHost.Tests.Fixtures;
using JitFunctions.EmbeddedHost.Tests.SampleFunctions;
using JitFunctions.EmbeddedHost.Tests.Support;
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
        Assert.Contains(
            "There is no activity 'NoSuchActivity'",
            done.FailureDetails!.ErrorMessage,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task The_context_knows_its_instance()
    {
        var done = await _host.RunAsync(nameof(Orchestrations.Facts));

        Assert.Equal(
            [nameof(Orchestrations.Facts), done.InstanceId, "1.5", "other", "on"],
            done.ReadOutputAs<string[]>()!
        );
    }

    [Fact]
    public async Task Events_count_once_each_in_their_order_even_before_the_orchestrator_waits()
    {
        var id = await _host.Client.ScheduleNewOrchestrationInstanceAsync(
            nameof(Orchestrations.ThreeEvents),
            Cancellation
        );
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
            nameof(Orchestrations.ThreeEvents),
            new Microsoft.DurableTask.StartOrchestrationOptions("early bird"),
            Cancellation
        );

        Assert.Equal("xyz", (await _host.CompletionAsync("early bird")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task An_event_wins_against_a_timer_and_a_finished_instance_leaves_no_messages()
    {
        var id = await _host.Client.ScheduleNewOrchestrationInstanceAsync(
            nameof(Orchestrations.EventOrTimeout),
            TimeSpan.FromHours(1),
            Cancellation
        );
        await _host.Client.RaiseEventAsync(id, "answer", "in time", Cancellation);

        Assert.Equal("in time", (await _host.CompletionAsync(id)).ReadOutputAs<string>());
        Assert.Equal(0, await Database.CountAsync(_host, "taskhub.inbox"));
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
        var id = await _host.Client.ScheduleNewOrchestrationInstanceAsync(
            nameof(Orchestrations.Progress),
            Cancellation
        );
        await StatusIs("begun");
        await _host.Client.RaiseEventAsync(id, "go on", "please", Cancellation);
        await StatusIs("half way");
        await _host.Client.RaiseEventAsync(id, "go on", "please", Cancellation);

        Assert.Equal("half way", (await _host.CompletionAsync(id)).ReadCustomStatusAs<Order>()!.Item);

        Task StatusIs(string expected) =>
            Eventually.HoldsAsync(
                async () =>
                    (await _host.Client.GetInstanceAsync(id, true, Cancellation))!.ReadCustomStatusAs<Order>()?.Item
                    == expected,
                $"custom status {expected}"
            );
    }

    [Fact]
    public async Task Continue_as_new_keeps_unprocessed_events_and_drops_history()
    {
        var id = await _host.Client.ScheduleNewOrchestrationInstanceAsync(nameof(Orchestrations.Eternal), Cancellation);
        foreach (var letter in "abcdef.")
            await _host.Client.RaiseEventAsync(id, "letter", letter.ToString(), Cancellation);

        Assert.Equal("abcdef", (await _host.CompletionAsync(id)).ReadOutputAs<string>());
        Assert.InRange(await Database.CountAsync(_host, "taskhub.history"), 1, 10);
    }

    [Theory]
    [InlineData(nameof(Orchestrations.Unstable))]
    [InlineData(nameof(Orchestrations.UnstableWithTimer))]
    public async Task An_orchestrator_that_takes_other_steps_on_replay_fails_and_none_of_these_is_carried_out(
        string orchestrator
    )
    {
        var done = await _host.RunAsync(orchestrator);

        Assert.Equal(OrchestrationRuntimeStatus.Failed, done.RuntimeStatus);
        Assert.EndsWith(
            "NonDeterministicOrchestrationException",
            done.FailureDetails!.ErrorType,
            StringComparison.Ordinal
        );
        Assert.Contains(nameof(Activities.Twice), done.FailureDetails.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal(0, await Database.CountAsync(_host, "taskhub.activities"));
        Assert.Equal(0, await Database.CountAsync(_host, "taskhub.inbox"));
        Assert.Empty(_host.Journal.Lines);
    }

    [Fact]
    public async Task What_an_orchestrator_asks_for_is_done_even_when_it_does_not_wait_for_it()
    {
        var done = await _host.RunAsync(nameof(Orchestrations.Forgetful));

        await Eventually.HoldsAsync(
            () => _host.Journal.Lines.Contains($"granted {done.InstanceId}"),
            "the activity runs"
        );
        Assert.Equal(OrchestrationRuntimeStatus.Completed, done.RuntimeStatus);
    }

    [Fact]
    public async Task An_orchestrator_that_waits_for_something_else_fails_and_says_so()
    {
        var done = await _host.RunAsync(nameof(Orchestrations.Undurable));

        Assert.Equal(OrchestrationRuntimeStatus.Failed, done.RuntimeStatus);
        Assert.Contains("non-durable", done.FailureDetails!.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_activity_tells_its_exception_with_its_cause_and_its_place()
    {
        var told = (await _host.RunAsync(nameof(Orchestrations.TellsFailure))).ReadOutputAs<string[]>()!;

        Assert.Equal(
            [
                typeof(InvalidDataException).FullName,
                "it is broken",
                typeof(FormatException).FullName,
                "because of the format",
            ],
            [told[0], told[1], told[3], told[4]]
        );
        Assert.Contains($"{nameof(Activities)}.{nameof(Activities.Fail)}", told[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_stored_can_be_read()
    {
        var id = (await _host.RunAsync(nameof(Orchestrations.Sequence), new Order("readable pears", 3))).InstanceId;

        Assert.NotEqual(
            0,
            await Database.CountAsync(
                _host,
                $"taskhub.history where instance_id = '{id}' and event::text like '%readable pears%'"
            )
        );
        Assert.Equal(
            2,
            await Database.CountAsync(
                _host,
                $"taskhub.history where instance_id = '{id}' and event->'taskCompleted' is not null"
            )
        );
        Assert.Equal(
            2,
            await Database.CountAsync(
                _host,
                $"taskhub.history where instance_id = '{id}' and event->'taskScheduled'->>'name' = 'Twice'"
            )
        );
    }
}
