using Google.Protobuf.WellKnownTypes;
using JitFunctions.EmbeddedHost.History;
using Microsoft.DurableTask.Protobuf;

namespace JitFunctions.EmbeddedHost.Tests.History;

/// <summary>From the worker's answer to history, work and timers.</summary>
public sealed class TurnTests
{
    private static readonly DateTime Noon = new(2026, 11, 23, 12, 0, 0, DateTimeKind.Utc);

    private static readonly IReadOnlyList<HistoryEvent> Begun = Turn.Begin(
        [],
        [Events.ExecutionStarted(null, Noon)],
        Noon
    );

    [Theory]
    [InlineData(0, null, 0, 0)]
    [InlineData(-30, null, 0, 0)]
    [InlineData(30, null, 0, 30)]
    [InlineData(-30, 60, 0, 60)]
    [InlineData(90, 60, 0, 90)]
    public void A_turns_time_is_never_before_the_turn_before_nor_before_a_timer_that_fired(
        int now,
        int? due,
        int before,
        int seen
    )
    {
        HistoryEvent[] messages = due is { } seconds
            ? [Events.TimerFired(1, Timestamp.FromDateTime(Noon.AddSeconds(seconds)))]
            : [Events.EventRaised("go", null, Noon.AddSeconds(now))];
        var begun = Turn.Begin([Events.OrchestratorStarted(Noon.AddSeconds(before))], messages, Noon.AddSeconds(now));

        Assert.Equal(Noon.AddSeconds(seen), begun[0].Timestamp.ToDateTime());
        Assert.NotNull(begun[0].OrchestratorStarted);
        Assert.Equal(messages, begun.Skip(1));
    }

    [Fact]
    public void Calls_and_timers_become_history_and_work()
    {
        var due = Timestamp.FromDateTime(Noon.AddHours(1));
        var turn = Turn.From(Begun, Answer(Call(0, "A", "[{\"x\":1}]"), Timer(1, due), Call(2, "B", null)));

        Assert.IsType<TurnOutcome.Waiting>(turn.Outcome);
        Assert.Equal([new ActivityCall(0, "A", "{\"x\":1}"), new ActivityCall(2, "B", null)], turn.Activities);
        Assert.Equal([new TimerSet(1, due)], turn.Timers);
        Assert.Equal(
            [
                "OrchestratorStarted -1",
                "ExecutionStarted -1",
                "TaskScheduled 0",
                "TimerCreated 1",
                "TaskScheduled 2",
                "OrchestratorCompleted -1",
            ],
            turn.Appended.Select(happened => $"{happened.EventTypeCase} {happened.EventId}")
        );
        Assert.Each(turn.Appended, happened => Assert.Equal(Noon, happened.Timestamp.ToDateTime()));
        Assert.Equal("\"status\"", turn.CustomStatus);
    }

    [Theory]
    [InlineData("[1]", "1")]
    [InlineData("[[1,2]]", "[1,2]")]
    [InlineData("[null]", "null")]
    [InlineData("[\"a\"]", "\"a\"")]
    public void An_activity_gets_its_one_argument_out_of_the_list_of_arguments(string arguments, string argument) =>
        Assert.Equal(argument, Assert.Single(Turn.From(Begun, Answer(Call(0, "A", arguments))).Activities).Input);

    [Fact]
    public void A_turn_that_failed_does_nothing_else()
    {
        var failure = new TaskFailureDetails { ErrorType = "NonDeterministic", ErrorMessage = "another step" };
        var turn = Turn.From(
            Begun,
            Answer(
                Call(0, "Grant", null),
                Timer(1, Timestamp.FromDateTime(Noon)),
                End(OrchestrationStatus.Failed, failure)
            )
        );

        Assert.Equal(new TurnOutcome.Failed(failure), turn.Outcome);
        Assert.Empty(turn.Activities);
        Assert.Empty(turn.Timers);
        Assert.DoesNotContain(
            turn.Appended,
            happened => happened.TaskScheduled is not null || happened.TimerCreated is not null
        );
    }

    [Fact]
    public void A_turn_that_ends_well_does_what_it_asked_for()
    {
        var turn = Turn.From(Begun, Answer(Call(0, "A", null), End(OrchestrationStatus.Completed, null)));

        Assert.Equal(new TurnOutcome.Completed("\"output\""), turn.Outcome);
        Assert.Single(turn.Activities);
        Assert.Equal(
            OrchestrationStatus.Completed,
            Assert
                .Single(turn.Appended, happened => happened.ExecutionCompleted is not null)
                .ExecutionCompleted.OrchestrationStatus
        );
    }

    [Fact]
    public void A_new_execution_takes_events_along_that_nobody_waited_for()
    {
        var left = Events.EventRaised("go", "2", Noon);
        var end = End(OrchestrationStatus.ContinuedAsNew, null);
        end.CompleteOrchestration.CarryoverEvents.Add(left);
        var next = Assert.IsType<TurnOutcome.ContinuedAsNew>(Turn.From(Begun, Answer(end)).Outcome);

        Assert.Equal("\"output\"", next.Input);
        Assert.Equal([left], next.Events);
    }

    [Theory]
    [MemberData(nameof(Elsewhere))]
    public void What_this_host_does_not_have_fails_the_turn_and_nothing_of_it_is_done(OrchestratorAction action)
    {
        var turn = Turn.From(Begun, Answer(Call(0, "A", null), action));

        Assert.Equal(
            typeof(NotSupportedException).FullName,
            Assert.IsType<TurnOutcome.Failed>(turn.Outcome).Failure.ErrorType
        );
        Assert.Empty(turn.Activities);
    }

    public static TheoryData<OrchestratorAction> Elsewhere() =>
        [
            new OrchestratorAction
            {
                Id = 1,
                CreateSubOrchestration = new CreateSubOrchestrationAction { Name = "Sub" },
            },
            new OrchestratorAction
            {
                Id = 1,
                SendEvent = new SendEventAction { Name = "go" },
            },
            new OrchestratorAction { Id = 1, SendEntityMessage = new SendEntityMessageAction() },
            new OrchestratorAction
            {
                Id = 1,
                TerminateOrchestration = new TerminateOrchestrationAction { InstanceId = "other" },
            },
            new OrchestratorAction { Id = 1 },
        ];

    [Fact]
    public void History_is_stored_as_JSON_that_a_newer_version_may_add_to()
    {
        var stored = Events.Write(
            Events.TaskFailed(
                3,
                new TaskFailureDetails
                {
                    ErrorType = "T",
                    ErrorMessage = "m",
                    InnerFailure = new() { ErrorType = "I" },
                },
                Noon
            )
        );
        var read = Events.Read(stored.Replace("{ \"eventId\"", "{ \"new\": {}, \"eventId\"", StringComparison.Ordinal));

        Assert.Contains(
            "\"new\"",
            stored.Replace("{ \"eventId\"", "{ \"new\": {}, \"eventId\"", StringComparison.Ordinal),
            StringComparison.Ordinal
        );
        Assert.Equal(
            ("I", 3),
            (read.TaskFailed.FailureDetails.InnerFailure.ErrorType, read.TaskFailed.TaskScheduledId)
        );
        Assert.Equal(Noon, read.Timestamp.ToDateTime());
    }

    private static OrchestratorResponse Answer(params OrchestratorAction[] actions) =>
        new() { Actions = { actions }, CustomStatus = "\"status\"" };

    private static OrchestratorAction Call(int id, string name, string? input) =>
        new()
        {
            Id = id,
            ScheduleTask = new ScheduleTaskAction { Name = name, Input = input },
        };

    private static OrchestratorAction Timer(int id, Timestamp due) =>
        new()
        {
            Id = id,
            CreateTimer = new CreateTimerAction { FireAt = due },
        };

    private static OrchestratorAction End(OrchestrationStatus status, TaskFailureDetails? failure) =>
        new()
        {
            Id = 9,
            CompleteOrchestration = new CompleteOrchestrationAction
            {
                OrchestrationStatus = status,
                Result = "\"output\"",
                FailureDetails = failure,
            },
        };
}
