namespace JitFunctions.EmbeddedHost.Durable.Replay;

/// <summary>The stored names of the messages. They also stand in the inbox's <c>kind</c> column.</summary>
internal static class MessageKinds
{
    public const string Started = "started";
    public const string ActivityCompleted = "completed";
    public const string ActivityFailed = "failed";
    public const string TimerFired = "fired";
    public const string EventRaised = "raised";
    public const string Terminated = "terminated";

    public static string Of(Message message) => message switch
    {
        Replay.Started => Started,
        Replay.ActivityCompleted => ActivityCompleted,
        Replay.ActivityFailed => ActivityFailed,
        Replay.TimerFired => TimerFired,
        Replay.EventRaised => EventRaised,
        Replay.Terminated => Terminated,
        _ => throw new ArgumentOutOfRangeException(nameof(message), message.GetType(), "A message without a stored name."),
    };
}
