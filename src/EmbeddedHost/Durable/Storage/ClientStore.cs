using JitFunctions.EmbeddedHost.Durable.Replay;

namespace JitFunctions.EmbeddedHost.Durable.Storage;

internal sealed record NewInstance(
    string Id, string Name, string Version, string? Input, DateTimeOffset StartAt, IReadOnlyList<string> ReplaceableStatuses,
    string? Trace = null);

/// <summary>What clients ask of instances.</summary>
internal sealed class ClientStore(DurableDatabase database, TimeProvider time)
{
    private const string Create = $"""
        with created as (
            insert into durable.instances as existing (id, name, version, execution, status, input, created_at, updated_at)
            values (@id, @name, @version, 1, 'Pending', @input, @now, @now)
            on conflict (id) do update
            set name = excluded.name, version = excluded.version, execution = existing.execution + 1, status = excluded.status,
                input = excluded.input, output = null, custom_status = null, failure = null,
                created_at = excluded.created_at, updated_at = excluded.updated_at
            where existing.status = any(@replaceable)
            returning 1)
        select durable.require((select count(*) from created) = 1, '{Refusals.Exists}')
        """;

    private const string ForgetPredecessor = "delete from durable.history where instance_id = @id";

    private const string Start = """
        insert into durable.inbox (instance_id, execution, kind, message, due_at)
        select id, execution, @kind, @message::json, @due from durable.instances where id = @id
        """;

    private const string Raise = """
        insert into durable.inbox (instance_id, kind, message, due_at)
        select @id, @kind, @message::json, @now
        where not exists (select from durable.instances where id = @id and status not in ('Pending', 'Running'))
        """;

    private const string Terminate = """
        insert into durable.inbox (instance_id, kind, message, due_at)
        select id, @kind, @message::json, @now from durable.instances where id = @id and status in ('Pending', 'Running')
        """;

    /// <exception cref="Npgsql.PostgresException">See <see cref="Refusals.IsExists"/>.</exception>
    public async Task StartAsync(NewInstance instance, bool tellPeers, CancellationToken cancellation)
    {
        await using var batch = database.Source.CreateBatch();
        batch.Add(
            Create,
            ("id", instance.Id),
            ("name", instance.Name),
            ("version", instance.Version),
            ("input", instance.Input),
            ("now", time.GetUtcNow()),
            ("replaceable", instance.ReplaceableStatuses.ToArray()));
        batch.Add(ForgetPredecessor, ("id", instance.Id));
        batch.Add(
            Start,
            ("id", instance.Id),
            ("kind", MessageKinds.Started),
            ("message", HistoryJson.Write(new Started(instance.Trace))),
            ("due", instance.StartAt));
        if (tellPeers)
            batch.AddWakeUp();
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    public Task RaiseAsync(string id, string name, string? payload, string? trace, bool tellPeers, CancellationToken cancellation)
        => SendAsync(Raise, id, new EventRaised(name, payload, time.GetUtcNow().UtcDateTime, trace), tellPeers, cancellation);

    public Task TerminateAsync(string id, string? output, bool tellPeers, CancellationToken cancellation)
        => SendAsync(Terminate, id, new Terminated(output), tellPeers, cancellation);

    private async Task SendAsync(string sql, string id, Message message, bool tellPeers, CancellationToken cancellation)
    {
        await using var batch = database.Source.CreateBatch();
        batch.Add(
            sql,
            ("id", id),
            ("kind", MessageKinds.Of(message)),
            ("message", HistoryJson.Write(message)),
            ("now", time.GetUtcNow()));
        if (tellPeers)
            batch.AddWakeUp();
        await batch.ExecuteNonQueryAsync(cancellation);
    }
}
