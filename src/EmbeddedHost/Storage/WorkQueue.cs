using JitFunctions.EmbeddedHost.Settings;
using Microsoft.DurableTask.Protobuf;
using Npgsql;

namespace JitFunctions.EmbeddedHost.Storage;

/// <param name="Known">
/// The history when the activity was called. The next turn reads only later events. If this is empty, it reads all
/// events.
/// </param>
internal sealed record ActivityWork(
    long Id,
    string InstanceId,
    int Execution,
    int TaskId,
    string Name,
    string? Input,
    string? Trace,
    IReadOnlyList<HistoryEvent> Known
);

/// <param name="MayBeMore">Whether the claim stopped because no slots were left.</param>
/// <param name="UntilNext">The time until the next timer or delayed message is due; null when none is waiting.</param>
internal sealed record ClaimedWork(
    IReadOnlyList<string> Instances,
    IReadOnlyList<ActivityWork> Activities,
    bool MayBeMore,
    TimeSpan? UntilNext
);

/// <summary>
/// Assigns work to nodes. A node gets only work whose function it knows, and no instance of a newer version than its
/// own, so that old and new nodes can run side by side. Any node can terminate an instance.
/// </summary>
internal sealed class WorkQueue(TaskHubDatabase database, HostJson hostJson, TimeProvider time)
{
    public const string IsForThisVersion =
        "string_to_array(version, '.')::int[] <= string_to_array(@version, '.')::int[]";

    // The lateral join makes PostgreSQL start from the due messages and look up their instances, however many instances
    // exist.
    private const string ClaimInstances = $"""
        with ready as (
            select instance.id
            from taskhub.inbox message
            cross join lateral (
                select id from taskhub.instances
                where id = message.instance_id
                  and (message.execution is null or message.execution = execution)
                  and (status = 'Running' or status = 'Pending' and message.kind in ('started', 'terminated'))
                  and owner is null
                  and name = any(@names)
                  and ({IsForThisVersion} or message.kind = 'terminated')
                for update skip locked) instance
            where message.due_at <= @now and exists (select from taskhub.nodes where nodes.id = @me)
            order by message.due_at
            limit @room)
        update taskhub.instances instance set owner = @me from ready where instance.id = ready.id
        returning instance.id, (select count(*) from ready)
        """;

    private const string ClaimActivities = """
        with ready as (
            select id from taskhub.activities
            where owner is null and lower(name) = any(@names)
                and exists (select from taskhub.nodes where nodes.id = @me)
            order by id
            limit @room
            for update skip locked)
        update taskhub.activities activity set owner = @me from ready where activity.id = ready.id
        returning activity.id, instance_id, execution, task_id, name, input, trace
        """;

    private const string NextDue = "select min(due_at) from taskhub.inbox where due_at > @now";

    public async Task<ClaimedWork> ClaimAsync(
        int node,
        (string[] Names, int Room) orchestrators,
        (string[] Names, int Room) activities,
        CancellationToken cancellation
    )
    {
        var now = time.GetUtcNow();
        await using var batch = database.Source.CreateBatch();
        batch.Add(
            ClaimInstances,
            ("now", now),
            ("names", orchestrators.Names),
            ("version", hostJson.DefaultVersion),
            ("me", node),
            ("room", orchestrators.Room)
        );
        batch.Add(ClaimActivities, ("names", activities.Names), ("me", node), ("room", activities.Room));
        batch.Add(NextDue, ("now", now));

        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        List<string> instances = [];
        var ready = 0L; // Counts messages: more than there are instances if one has several.
        while (await reader.ReadAsync(cancellation))
        {
            instances.Add(reader.GetString(0));
            ready = reader.GetInt64(1);
        }

        await reader.NextResultAsync(cancellation);
        List<ActivityWork> work = [];
        while (await reader.ReadAsync(cancellation))
            work.Add(ReadActivity(reader));

        await reader.NextResultAsync(cancellation);
        await reader.ReadAsync(cancellation);
        var isFull =
            (instances.Count > 0 && ready == orchestrators.Room) || (work.Count > 0 && work.Count == activities.Room);
        return new ClaimedWork(
            instances,
            work,
            isFull,
            reader.IsDBNull(0) ? null : reader.GetFieldValue<DateTimeOffset>(0) - now
        );
    }

    private static ActivityWork ReadActivity(NpgsqlDataReader reader) =>
        new(
            reader.GetInt64(0),
            reader.GetString(1),
            reader.GetInt32(2),
            reader.GetInt32(3),
            reader.GetString(4),
            reader.IsDBNull(5) ? null : reader.GetString(5),
            reader.IsDBNull(6) ? null : reader.GetString(6),
            []
        );
}
