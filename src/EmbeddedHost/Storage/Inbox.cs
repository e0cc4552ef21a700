using JitFunctions.EmbeddedHost.History;
using Microsoft.DurableTask.Protobuf;
using Npgsql;

namespace JitFunctions.EmbeddedHost.Storage;

/// <summary>How messages are stored until an instance consumes them.</summary>
internal static class Inbox
{
    /// <summary>
    /// Needed in a statement that selects an instance and adds a message to it. The commit of a turn checks for further
    /// messages at its end. Without this lock, a message that arrives between this check and the end of the transaction
    /// would be missed: no claim would find it, because the instance still has an owner, and no node would be notified.
    /// </summary>
    public const string NotDuringACommit = "for update";

    public const string IsNotEmpty = "select exists (select from taskhub.inbox where instance_id = @id)";

    private const string Insert = """
        insert into taskhub.inbox (instance_id, execution, kind, message, due_at)
        select @id, case when kind in ('raised', 'terminated') then null else @execution end, kind, message::json,
            due_at
        from unnest(@kinds, @messages, @due) as added (kind, message, due_at)
        """;

    /// <summary>
    /// External events and terminations are valid for any execution of the instance, all other messages for the given
    /// one.
    /// </summary>
    public static void Add(
        NpgsqlBatch batch,
        string instanceId,
        int execution,
        IReadOnlyList<(HistoryEvent Message, DateTime DueAt)> messages
    )
    {
        if (messages.Count == 0)
            return;
        batch.Add(
            Insert,
            ("id", instanceId),
            ("execution", execution),
            ("kinds", messages.Select(added => Events.KindOf(added.Message)).ToArray()),
            ("messages", messages.Select(added => Events.Write(added.Message)).ToArray()),
            ("due", messages.Select(added => RoundUp(added.DueAt)).ToArray())
        );
    }

    // PostgreSQL stores microseconds. If the time were rounded down, a timer could fire up to one microsecond too
    // early.
    private static DateTime RoundUp(DateTime utc) =>
        utc.AddTicks(
            (TimeSpan.TicksPerMicrosecond - (utc.Ticks % TimeSpan.TicksPerMicrosecond)) % TimeSpan.TicksPerMicrosecond
        );
}
