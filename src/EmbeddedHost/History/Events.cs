using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Microsoft.DurableTask.Protobuf;

namespace JitFunctions.EmbeddedHost.History;

/// <summary>
/// The events of Durable Task's history, as this host makes and stores them. A message is an event that comes to an
/// instance from outside, through its inbox: a start, a result, a timer that fired, an event that was raised, a
/// termination.
/// </summary>
internal static class Events
{
    /// <summary>The number of an event that answers no action, as in Durable Task.</summary>
    private const int NoAction = -1;

    private static readonly JsonParser Parser = new(JsonParser.Settings.Default.WithIgnoreUnknownFields(true));

    /// <summary>A start as it waits in the inbox: all else that it says stands in the instance's row.</summary>
    /// <param name="trace">The traceparent of whoever started the instance.</param>
    public static HistoryEvent ExecutionStarted(string? trace, DateTime at) =>
        Stamp(
            at,
            new HistoryEvent
            {
                ExecutionStarted = new ExecutionStartedEvent
                {
                    ParentTraceContext = trace is null ? null : new TraceContext { TraceParent = trace },
                },
            }
        );

    /// <summary>Fills a start in, as Durable Task wants it in the history. Other messages stay as they are.</summary>
    public static HistoryEvent Complete(HistoryEvent message, Instance instance)
    {
        if (message.ExecutionStarted is { } start)
        {
            start.Name = instance.Name;
            start.Version = instance.Version;
            start.Input = instance.Input;
            start.OrchestrationInstance = new OrchestrationInstance
            {
                InstanceId = instance.Id,
                ExecutionId = ExecutionId(instance.Execution),
            };
        }

        return message;
    }

    public static HistoryEvent EventRaised(string name, string? input, DateTime at) =>
        Stamp(
            at,
            new HistoryEvent
            {
                EventRaised = new EventRaisedEvent { Name = name, Input = input },
            }
        );

    public static HistoryEvent ExecutionTerminated(string? output, DateTime at) =>
        Stamp(at, new HistoryEvent { ExecutionTerminated = new ExecutionTerminatedEvent { Input = output } });

    public static HistoryEvent TaskCompleted(int task, string? result, DateTime at) =>
        Stamp(
            at,
            new HistoryEvent
            {
                TaskCompleted = new TaskCompletedEvent { TaskScheduledId = task, Result = result },
            }
        );

    public static HistoryEvent TaskFailed(int task, TaskFailureDetails failure, DateTime at) =>
        Stamp(
            at,
            new HistoryEvent
            {
                TaskFailed = new TaskFailedEvent { TaskScheduledId = task, FailureDetails = failure },
            }
        );

    public static HistoryEvent TimerFired(int timer, Timestamp fireAt) =>
        Stamp(
            fireAt.ToDateTime(),
            new HistoryEvent
            {
                TimerFired = new TimerFiredEvent { TimerId = timer, FireAt = fireAt },
            }
        );

    public static HistoryEvent OrchestratorStarted(DateTime at) =>
        Stamp(at, new HistoryEvent { OrchestratorStarted = new OrchestratorStartedEvent() });

    public static HistoryEvent OrchestratorCompleted(DateTime at) =>
        Stamp(at, new HistoryEvent { OrchestratorCompleted = new OrchestratorCompletedEvent() });

    public static HistoryEvent ExecutionCompleted(int action, CompleteOrchestrationAction end, DateTime at) =>
        Stamp(
            at,
            action,
            new HistoryEvent
            {
                ExecutionCompleted = new ExecutionCompletedEvent
                {
                    OrchestrationStatus = end.OrchestrationStatus,
                    Result = end.Result,
                    FailureDetails = end.FailureDetails,
                },
            }
        );

    /// <summary>
    /// Without the input, which goes to the activity: a replay does not ask for it, and the history need not keep it.
    /// </summary>
    public static HistoryEvent TaskScheduled(int action, ScheduleTaskAction call, DateTime at) =>
        Stamp(
            at,
            action,
            new HistoryEvent
            {
                TaskScheduled = new TaskScheduledEvent { Name = call.Name, Version = call.Version },
            }
        );

    public static HistoryEvent TimerCreated(int action, Timestamp fireAt, DateTime at) =>
        Stamp(at, action, new HistoryEvent { TimerCreated = new TimerCreatedEvent { FireAt = fireAt } });

    public static string ExecutionId(int execution) =>
        execution.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Protobuf's JSON, so that whoever looks after the database can read it.</summary>
    public static string Write(HistoryEvent happened) => JsonFormatter.Default.Format(happened);

    public static HistoryEvent Read(string json) => Parser.Parse<HistoryEvent>(json);

    /// <summary>The stored name of a message's kind.</summary>
    public static string KindOf(HistoryEvent message) =>
        message.EventTypeCase switch
        {
            HistoryEvent.EventTypeOneofCase.ExecutionStarted => MessageKinds.Started,
            HistoryEvent.EventTypeOneofCase.TaskCompleted => "completed",
            HistoryEvent.EventTypeOneofCase.TaskFailed => "failed",
            HistoryEvent.EventTypeOneofCase.TimerFired => "fired",
            HistoryEvent.EventTypeOneofCase.EventRaised => MessageKinds.Raised,
            HistoryEvent.EventTypeOneofCase.ExecutionTerminated => MessageKinds.Terminated,
            _ => throw new ArgumentOutOfRangeException(
                nameof(message),
                message.EventTypeCase,
                "A message without a stored name."
            ),
        };

    private static HistoryEvent Stamp(DateTime at, HistoryEvent happened) => Stamp(at, NoAction, happened);

    private static HistoryEvent Stamp(DateTime at, int id, HistoryEvent happened)
    {
        happened.EventId = id;
        happened.Timestamp = Timestamp.FromDateTime(at);
        return happened;
    }
}

/// <summary>Stored names of messages that statements ask for.</summary>
internal static class MessageKinds
{
    public const string Started = "started";
    public const string Raised = "raised";
    public const string Terminated = "terminated";
}
