using JitFunctions.EmbeddedHost.Durable.Replay;
using Npgsql;

namespace JitFunctions.EmbeddedHost.Durable.Storage;

/// <summary>How messages are stored until an instance consumes them.</summary>
internal static class Inbox
{
    private const string Insert = """
        insert into durable.inbox (instance_id, execution, kind, task_id, message, due_at)
        select @id, case when kind in ('raised', 'terminated') then null else @execution end, kind, nullif(task_id, 0), message::json, due_at
        from unnest(@kinds, @tasks, @messages, @due) as added (kind, task_id, message, due_at)
        """;

    /// <summary>External events and terminations are for any execution of the instance, the rest for the one given.</summary>
    public static void Add(NpgsqlBatch batch, string instanceId, int execution, IReadOnlyList<(Message Message, DateTime DueAt)> messages)
    {
        if (messages.Count == 0)
            return;
        batch.Add(
            Insert,
            ("id", instanceId),
            ("execution", execution),
            ("kinds", messages.Select(added => MessageKinds.Of(added.Message)).ToArray()),
            ("tasks", messages.Select(added => added.Message is TimerFired timer ? timer.TaskId : 0).ToArray()),
            ("messages", messages.Select(added => HistoryJson.Write(added.Message)).ToArray()),
            ("due", messages.Select(added => RoundUp(added.DueAt)).ToArray()));
    }

    // PostgreSQL keeps microseconds; rounded down, a timer would fire up to one too early.
    private static DateTime RoundUp(DateTime utc)
        => utc.AddTicks((TimeSpan.TicksPerMicrosecond - (utc.Ticks % TimeSpan.TicksPerMicrosecond)) % TimeSpan.TicksPerMicrosecond);
}
