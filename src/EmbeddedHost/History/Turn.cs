using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Microsoft.DurableTask.Protobuf;
using ActionType = Microsoft.DurableTask.Protobuf.OrchestratorAction.OrchestratorActionTypeOneofCase;

namespace JitFunctions.EmbeddedHost.History;

/// <summary>An activity that the orchestrator called.</summary>
/// <param name="Input">Its argument as JSON.</param>
internal sealed record ActivityCall(int TaskId, string Name, string? Input);

/// <summary>A timer that the orchestrator set.</summary>
internal sealed record TimerSet(int TaskId, Timestamp FireAt);

/// <summary>The state of an instance after a turn.</summary>
internal abstract record TurnOutcome
{
    private TurnOutcome() { }

    public sealed record Waiting : TurnOutcome;

    public sealed record Completed(string? Output) : TurnOutcome;

    public sealed record Failed(TaskFailureDetails Failure) : TurnOutcome;

    public sealed record Terminated(string? Output) : TurnOutcome;

    /// <param name="Events">External events that the orchestrator has not consumed, to be delivered again.</param>
    public sealed record ContinuedAsNew(string? Input, IReadOnlyList<HistoryEvent> Events) : TurnOutcome;
}

/// <summary>
/// The result of one turn of an instance: the actions in the worker's response become history, work and timers.
/// </summary>
/// <param name="Appended">The new history events: the start of the turn, its messages, its steps and its end.</param>
internal sealed record Turn(
    IReadOnlyList<HistoryEvent> Appended,
    string? CustomStatus,
    TurnOutcome Outcome,
    IReadOnlyList<ActivityCall> Activities,
    IReadOnlyList<TimerSet> Timers
)
{
    /// <summary>The events with which a turn begins.</summary>
    /// <param name="messages">
    /// At least one message, in the order in which the orchestrator sees them. A start comes first.
    /// </param>
    /// <param name="now">The turn's time. It is later if the history or a fired timer requires that.</param>
    public static IReadOnlyList<HistoryEvent> Begin(
        IReadOnlyList<HistoryEvent> history,
        IReadOnlyList<HistoryEvent> messages,
        DateTime now
    ) => [Events.OrchestratorStarted(TimeOf(history, messages, now)), .. messages];

    /// <summary>
    /// Creates the turn from the worker's response. A failed turn does nothing else: actions that it requested before
    /// the failure are not executed. An orchestrator that does not match its history fails in this way.
    /// </summary>
    /// <param name="begun">See <see cref="Begin"/>.</param>
    public static Turn From(IReadOnlyList<HistoryEvent> begun, OrchestratorResponse response)
    {
        var at = begun[0].Timestamp.ToDateTime();
        List<HistoryEvent> steps = [];
        List<ActivityCall> activities = [];
        List<TimerSet> timers = [];
        TurnOutcome outcome = new TurnOutcome.Waiting();
        foreach (var action in response.Actions)
        {
            switch (action.OrchestratorActionTypeCase)
            {
                case ActionType.ScheduleTask:
                    steps.Add(Events.TaskScheduled(action.Id, action.ScheduleTask, at));
                    activities.Add(
                        new ActivityCall(action.Id, action.ScheduleTask.Name, ArgumentOf(action.ScheduleTask.Input))
                    );
                    break;
                case ActionType.CreateTimer:
                    steps.Add(Events.TimerCreated(action.Id, action.CreateTimer.FireAt, at));
                    timers.Add(new TimerSet(action.Id, action.CreateTimer.FireAt));
                    break;
                case ActionType.CompleteOrchestration:
                    steps.Add(Events.ExecutionCompleted(action.Id, action.CompleteOrchestration, at));
                    outcome = OutcomeOf(action.CompleteOrchestration);
                    break;
                default:
                    return Failed(begun, response.CustomStatus, NotThere(action.OrchestratorActionTypeCase));
            }
        }

        return outcome is TurnOutcome.Failed { Failure: var failure }
            ? Failed(begun, response.CustomStatus, failure)
            : new Turn(
                [.. begun, .. steps, Events.OrchestratorCompleted(at)],
                response.CustomStatus,
                outcome,
                activities,
                timers
            );
    }

    public static Turn Failed(IReadOnlyList<HistoryEvent> begun, string? customStatus, TaskFailureDetails failure)
    {
        var at = begun[0].Timestamp.ToDateTime();
        var end = new CompleteOrchestrationAction
        {
            OrchestrationStatus = OrchestrationStatus.Failed,
            FailureDetails = failure,
        };
        return new Turn(
            [.. begun, Events.ExecutionCompleted(-1, end, at)],
            customStatus,
            new TurnOutcome.Failed(failure),
            [],
            []
        );
    }

    /// <summary>A termination ends the instance in any state, without running the orchestrator.</summary>
    public static Turn Terminated(IReadOnlyList<HistoryEvent> begun, string? customStatus, string? output) =>
        new(begun, customStatus, new TurnOutcome.Terminated(output), [], []);

    private static TurnOutcome OutcomeOf(CompleteOrchestrationAction end) =>
        end.OrchestrationStatus switch
        {
            OrchestrationStatus.Completed => new TurnOutcome.Completed(end.Result),
            OrchestrationStatus.ContinuedAsNew => new TurnOutcome.ContinuedAsNew(end.Result, end.CarryoverEvents),
            OrchestrationStatus.Failed => new TurnOutcome.Failed(
                end.FailureDetails ?? Failure("(unknown)", end.Result ?? string.Empty)
            ),
            _ => throw new ArgumentOutOfRangeException(
                nameof(end),
                end.OrchestrationStatus,
                "A status with which no orchestrator ends."
            ),
        };

    private static TaskFailureDetails NotThere(ActionType action) =>
        Failure(
            typeof(NotSupportedException).FullName!,
            $"The orchestrator asked for {action}. The embedded host has no sub-orchestrations, no entities and "
                + "no events from one instance to another."
        );

    private static TaskFailureDetails Failure(string type, string message) =>
        new() { ErrorType = type, ErrorMessage = message };

    // Durable Task sends the arguments of an activity as an array with one element: DurableTask.Core,
    // TaskOrchestrationContext.ScheduleTask.
    private static string? ArgumentOf(string? arguments)
    {
        if (arguments is null)
            return null;
        using var json = JsonDocument.Parse(arguments);
        return json.RootElement is { ValueKind: JsonValueKind.Array } array && array.GetArrayLength() == 1
            ? array[0].GetRawText()
            : arguments;
    }

    // The clocks of nodes differ. Time must not go backwards within an instance, and a timer must not fire before it is
    // due.
    private static DateTime TimeOf(
        IReadOnlyList<HistoryEvent> history,
        IReadOnlyList<HistoryEvent> messages,
        DateTime now
    )
    {
        var latest =
            history.LastOrDefault(happened => happened.OrchestratorStarted is not null)?.Timestamp.ToDateTime()
            ?? DateTime.MinValue;
        var due = messages
            .Select(message => message.TimerFired?.FireAt.ToDateTime() ?? DateTime.MinValue)
            .DefaultIfEmpty(DateTime.MinValue)
            .Max();
        return new DateTime(Math.Max(now.Ticks, Math.Max(latest.Ticks, due.Ticks)), DateTimeKind.Utc);
    }
}
