using JitFunctions.EmbeddedHost.History;
using Microsoft.DurableTask.Protobuf;
using Npgsql;

namespace JitFunctions.EmbeddedHost.Storage;

/// <summary>A message of an instance's inbox.</summary>
/// <param name="Trace">The traceparent of the caller that raised the event.</param>
internal sealed record InboxMessage(long Id, HistoryEvent Event, string? Trace);

/// <summary>The state of an instance that a turn needs.</summary>
internal sealed record LoadedInstance(
    Instance Instance,
    IReadOnlyList<HistoryEvent> History,
    IReadOnlyList<InboxMessage> Messages
)
{
    /// <summary>The traceparent of the caller that started the instance.</summary>
    public string? Trace =>
        History
            .Concat(Messages.Select(message => message.Event))
            .FirstOrDefault(happened => happened.ExecutionStarted is not null)
            ?.ExecutionStarted.ParentTraceContext?.TraceParent;
}

/// <summary>Reads the state that a turn needs, and releases an instance that needs no turn.</summary>
internal sealed class InstanceStore(TaskHubDatabase database, TimeProvider time)
{
    private const string ReadInstance = $"select {Columns} from taskhub.instances where id = @id and owner = @me";

    /// <summary>
    /// The columns of an instance that are needed by <see cref="ReadAsync"/>. The first column is its name.
    /// </summary>
    public const string Columns = "name, version, execution, input, custom_status";

    private const string ReadHistory =
        "select event from taskhub.history where instance_id = @id and position > @known order by position";

    // A start is sorted before events that arrived earlier. Messages beyond the limit wait for the next turn.
    private const string ReadMessages = """
        select message.id, message.message, message.trace
        from taskhub.inbox message
        join taskhub.instances instance on instance.id = message.instance_id
        where message.instance_id = @id
          and message.due_at <= @now
          and (message.execution is null or message.execution = instance.execution)
        order by message.kind = 'started' desc, message.due_at, message.id
        limit 1000
        """;

    /// <exception cref="NotOwnerException">The instance now belongs to another node.</exception>
    public async Task<LoadedInstance> LoadAsync(int node, string id, CancellationToken cancellation)
    {
        await using var batch = database.Source.CreateBatch();
        batch.Add(ReadInstance, ("id", id), ("me", node));
        AddReads(batch, id, time.GetUtcNow(), known: 0);

        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        return await ReadAsync(reader, id, [], cancellation) ?? throw new NotOwnerException();
    }

    /// <summary>Adds the queries whose results <see cref="ReadAsync"/> reads after the instance itself.</summary>
    /// <param name="known">
    /// The number of history events that need not be read. Within one execution the history only grows.
    /// </param>
    public static void AddReads(NpgsqlBatch batch, string id, DateTimeOffset now, int known)
    {
        batch.Add(ReadHistory, ("id", id), ("known", known));
        batch.Add(ReadMessages, ("id", id), ("now", now));
    }

    /// <param name="reader">Positioned at the result that holds the instance's <see cref="Columns"/>.</param>
    /// <param name="known">The beginning of the history, from the same execution.</param>
    /// <returns>Null when that result is empty.</returns>
    public static async Task<LoadedInstance?> ReadAsync(
        NpgsqlDataReader reader,
        string id,
        IReadOnlyList<HistoryEvent> known,
        CancellationToken cancellation
    )
    {
        if (!await reader.ReadAsync(cancellation))
            return null;
        var instance = new Instance(
            id,
            reader.GetString(0),
            reader.GetString(1),
            reader.GetInt32(2),
            reader.IsDBNull(3) ? null : reader.GetString(3),
            reader.IsDBNull(4) ? null : reader.GetString(4)
        );

        await reader.NextResultAsync(cancellation);
        List<HistoryEvent> history = [.. known];
        while (await reader.ReadAsync(cancellation))
            history.Add(Events.Read(reader.GetString(0)));

        await reader.NextResultAsync(cancellation);
        List<InboxMessage> messages = [];
        while (await reader.ReadAsync(cancellation))
        {
            var message = Events.Complete(Events.Read(reader.GetString(1)), instance);
            messages.Add(
                new InboxMessage(reader.GetInt64(0), message, reader.IsDBNull(2) ? null : reader.GetString(2))
            );
        }

        return new LoadedInstance(instance, history, messages);
    }

    public async Task ReleaseAsync(int node, string id, CancellationToken cancellation)
    {
        await using var release = database.Source.CreateCommand(
            "update taskhub.instances set owner = null where id = @id and owner = @me"
        );
        release.Parameters.AddWithValue("id", id);
        release.Parameters.AddWithValue("me", node);
        await release.ExecuteNonQueryAsync(cancellation);
    }
}
