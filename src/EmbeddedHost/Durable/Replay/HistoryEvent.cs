using System.Text.Json.Serialization;
using Microsoft.DurableTask;

namespace JitFunctions.EmbeddedHost.Durable.Replay;

/// <summary>
/// One row of an instance's history. A turn is stored as its start, then the messages that it consumed, then the steps that the
/// orchestrator asked for.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(TurnStarted), "turn")]
[JsonDerivedType(typeof(Started), MessageKinds.Started)]
[JsonDerivedType(typeof(ActivityCompleted), MessageKinds.ActivityCompleted)]
[JsonDerivedType(typeof(ActivityFailed), MessageKinds.ActivityFailed)]
[JsonDerivedType(typeof(TimerFired), MessageKinds.TimerFired)]
[JsonDerivedType(typeof(EventRaised), MessageKinds.EventRaised)]
[JsonDerivedType(typeof(Terminated), MessageKinds.Terminated)]
[JsonDerivedType(typeof(ActivityCalled), "call")]
[JsonDerivedType(typeof(TimerCreated), "timer")]
[JsonDerivedType(typeof(TimerCancelled), "cancel")]
internal abstract record HistoryEvent;

/// <summary>The time that the whole turn sees.</summary>
internal sealed record TurnStarted(DateTime At) : HistoryEvent;

/// <summary>Something that comes to an instance from outside, through its inbox.</summary>
internal abstract record Message : HistoryEvent;

/// <param name="Trace">The traceparent of whoever started the instance.</param>
internal sealed record Started([property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Trace = null) : Message;

internal sealed record ActivityCompleted(int TaskId, string? Result) : Message;

internal sealed record ActivityFailed(int TaskId, TaskFailureDetails Failure) : Message;

internal sealed record TimerFired(int TaskId, DateTime DueAt) : Message;

/// <param name="Trace">The traceparent of whoever raised it.</param>
internal sealed record EventRaised(
    string Name, string? Payload, DateTime RaisedAt, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Trace = null) : Message;

internal sealed record Terminated(string? Output) : Message;

/// <summary>Something that the orchestrator asked for. On a replay it must ask for the same again.</summary>
internal abstract record Step(int TaskId) : HistoryEvent;

internal sealed record ActivityCalled(int TaskId, string Name) : Step(TaskId)
{
    /// <summary>Goes to the activity and is not kept in the history.</summary>
    [JsonIgnore]
    public string? Input { get; init; }
}

internal sealed record TimerCreated(int TaskId, DateTime FireAt) : Step(TaskId);

internal sealed record TimerCancelled(int TaskId) : Step(TaskId);
