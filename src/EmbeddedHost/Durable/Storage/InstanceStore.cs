using JitFunctions.EmbeddedHost.Durable.Replay;

namespace JitFunctions.EmbeddedHost.Durable.Storage;

/// <param name="MessageIds">The inbox rows behind <paramref name="Messages"/>.</param>
internal sealed record LoadedInstance(
    Instance Instance, IReadOnlyList<HistoryEvent> History, IReadOnlyList<Message> Messages, IReadOnlyList<long> MessageIds)
{
    /// <summary>The traceparent of whoever started the instance.</summary>
    public string? Trace => History.Concat(Messages).OfType<Started>().FirstOrDefault()?.Trace;
}

/// <summary>Reads what a turn needs, and gives an instance back that needs no turn.</summary>
internal sealed class InstanceStore(DurableDatabase database, TimeProvider time)
{
    private const string ReadInstance = """
        select name, version, execution, input, custom_status from durable.instances where id = @id and owner = @me
        """;

    private const string ReadHistory = "select event from durable.history where instance_id = @id order by position";

    // A start comes before events that overtook it. More messages than this wait for the next turn.
    private const string ReadMessages = """
        select message.id, message.message
        from durable.inbox message
        join durable.instances instance on instance.id = message.instance_id
        where message.instance_id = @id
          and message.due_at <= @now
          and (message.execution is null or message.execution = instance.execution)
        order by message.kind = 'started' desc, message.due_at, message.id
        limit 1000
        """;

    /// <returns>Null when the instance belongs to another node by now.</returns>
    public async Task<LoadedInstance?> LoadAsync(int node, string id, CancellationToken cancellation)
    {
        await using var batch = database.Source.CreateBatch();
        batch.Add(ReadInstance, ("id", id), ("me", node));
        batch.Add(ReadHistory, ("id", id));
        batch.Add(ReadMessages, ("id", id), ("now", time.GetUtcNow()));

        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        if (!await reader.ReadAsync(cancellation))
            return null;
        var instance = new Instance(
            id,
            reader.GetString(0),
            reader.GetString(1),
            reader.GetInt32(2),
            reader.IsDBNull(3) ? null : reader.GetString(3),
            reader.IsDBNull(4) ? null : reader.GetString(4));

        await reader.NextResultAsync(cancellation);
        List<HistoryEvent> history = [];
        while (await reader.ReadAsync(cancellation))
            history.Add(HistoryJson.Read(reader.GetString(0)));

        await reader.NextResultAsync(cancellation);
        List<long> ids = [];
        List<Message> messages = [];
        while (await reader.ReadAsync(cancellation))
        {
            ids.Add(reader.GetInt64(0));
            messages.Add((Message)HistoryJson.Read(reader.GetString(1)));
        }

        return new LoadedInstance(instance, history, messages, ids);
    }

    public async Task ReleaseAsync(int node, string id, CancellationToken cancellation)
    {
        await using var release = database.Source.CreateCommand("update durable.instances set owner = null where id = @id and owner = @me");
        release.Parameters.AddWithValue("id", id);
        release.Parameters.AddWithValue("me", node);
        await release.ExecuteNonQueryAsync(cancellation);
    }
}
