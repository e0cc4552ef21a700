using JitFunctions.EmbeddedHost.History;
using Microsoft.DurableTask.Protobuf;
using Npgsql;

namespace JitFunctions.EmbeddedHost.Storage;

/// <summary>How messages are stored until an instance consumes them.</summary>
internal static class Inbox
{
    /// <summary>
    /// For a statement that adds a message of an instance that it selects. A turn that is being stored looks for
    /// messages last, and says that there are more; one that came between that and the end of its transaction would be
    /// found by no claim, because the instance still has an owner, and be told to nobody.
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
    /// External events and terminations are for any execution of the instance, the rest for the one given.
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

    // PostgreSQL keeps microseconds; rounded down, a timer would fire up to one too early.
    private static DateTime RoundUp(DateTime utc) =>
        utc.AddTicks(
            (TimeSpan.TicksPerMicrosecond - (utc.Ticks % TimeSpan.TicksPerMicrosecond)) % TimeSpan.TicksPerMicrosecond
        );
}
