using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Microsoft.DurableTask.Protobuf;

namespace JitFunctions.EmbeddedHost.History;

/// <summary>
/// The events of Durable Task's history, as this host creates and stores them. A message is an event that reaches an
/// instance from outside, through its inbox: a start, a result, a fired timer, a raised event, or a termination.
/// </summary>
internal static class Events
{
    /// <summary>The event id of an event that belongs to no action, as in Durable Task.</summary>
    private const int NoAction = -1;

    private static readonly JsonParser Parser = new(JsonParser.Settings.Default.WithIgnoreUnknownFields(true));

    /// <summary>A start message as it is stored in the inbox. The instance's row holds its other data.</summary>
    /// <param name="trace">The traceparent of the caller that started the instance.</param>
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

    /// <summary>
    /// Completes a start message with the data that Durable Task expects in the history. Other messages are unchanged.
    /// </summary>
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
    /// Omits the input, which goes to the activity. A replay does not need it, so the history does not store it.
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

    /// <summary>Uses the JSON format of Protobuf, so that database administrators can read it.</summary>
    public static string Write(HistoryEvent happened) => JsonFormatter.Default.Format(happened);

    public static HistoryEvent Read(string json) => Parser.Parse<HistoryEvent>(json);

    /// <summary>The name under which the kind of a message is stored.</summary>
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

/// <summary>The stored names of the message kinds that SQL statements use.</summary>
internal static class MessageKinds
{
    public const string Started = "started";
    public const string Raised = "raised";
    public const string Terminated = "terminated";
}
