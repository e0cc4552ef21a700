using JitFunctions.EmbeddedHost.History;
using Microsoft.DurableTask.Protobuf;

namespace JitFunctions.EmbeddedHost.Storage;

/// <param name="ReplaceableStatuses">
/// An existing instance with this id is replaced if it has one of these statuses. Otherwise the new instance is
/// refused.
/// </param>
/// <param name="Trace">The traceparent of the caller that starts it.</param>
internal sealed record NewInstance(
    string Id,
    string Name,
    string Version,
    string? Input,
    DateTimeOffset StartAt,
    IReadOnlyList<string> ReplaceableStatuses,
    string? Trace
);

/// <summary>Starts, changes and reads instances for clients.</summary>
internal sealed class ClientStore(TaskHubDatabase database, TimeProvider time)
{
    private const string Create = $"""
        with created as (
            insert into taskhub.instances as existing
                (id, name, version, execution, status, input, created_at, updated_at)
            values (@id, @name, @version, 1, 'Pending', @input, @now, @now)
            on conflict (id) do update
            set name = excluded.name, version = excluded.version, execution = existing.execution + 1,
                status = excluded.status,
                input = excluded.input, output = null, custom_status = null, failure = null,
                created_at = excluded.created_at, updated_at = excluded.updated_at
            where existing.status = any(@replaceable)
            returning 1)
        select taskhub.require((select count(*) from created) = 1, '{Refusals.Exists}')
        """;

    private const string ForgetPredecessor = "delete from taskhub.history where instance_id = @id";

    private const string Start = """
        insert into taskhub.inbox (instance_id, execution, kind, message, due_at)
        select id, execution, @kind, @message::json, @due from taskhub.instances where id = @id
        """;

    private const string Raise = $"""
        with target as (select status from taskhub.instances where id = @id {Inbox.NotDuringACommit})
        insert into taskhub.inbox (instance_id, kind, message, trace, due_at)
        select @id, @kind, @message::json, @trace, @now
        where not exists (select from target where status not in ('Pending', 'Running'))
        """;

    private const string Terminate = $"""
        insert into taskhub.inbox (instance_id, kind, message, trace, due_at)
        select id, @kind, @message::json, @trace, @now from taskhub.instances
        where id = @id and status in ('Pending', 'Running')
        {Inbox.NotDuringACommit}
        """;

    /// <exception cref="Npgsql.PostgresException">See <see cref="Refusals.IsExists"/>.</exception>
    public async Task StartAsync(NewInstance instance, bool tellPeers, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        await using var batch = database.Source.CreateBatch();
        batch.Add(
            Create,
            ("id", instance.Id),
            ("name", instance.Name),
            ("version", instance.Version),
            ("input", instance.Input),
            ("now", now),
            ("replaceable", instance.ReplaceableStatuses.ToArray())
        );
        batch.Add(ForgetPredecessor, ("id", instance.Id));
        batch.Add(
            Start,
            ("id", instance.Id),
            ("kind", MessageKinds.Started),
            ("message", Events.Write(Events.ExecutionStarted(instance.Trace, now.UtcDateTime))),
            ("due", instance.StartAt)
        );
        if (tellPeers)
            batch.AddWakeUp();
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    /// <param name="trace">The traceparent of the caller that raises the event.</param>
    public async Task RaiseAsync(
        string id,
        string name,
        string? input,
        string? trace,
        bool tellPeers,
        CancellationToken cancellation
    ) =>
        await SendAsync(
            Raise,
            id,
            Events.EventRaised(name, input, time.GetUtcNow().UtcDateTime),
            trace,
            tellPeers,
            cancellation
        );

    public async Task TerminateAsync(string id, string? output, bool tellPeers, CancellationToken cancellation) =>
        await SendAsync(
            Terminate,
            id,
            Events.ExecutionTerminated(output, time.GetUtcNow().UtcDateTime),
            null,
            tellPeers,
            cancellation
        );

    private async Task SendAsync(
        string sql,
        string id,
        HistoryEvent message,
        string? trace,
        bool tellPeers,
        CancellationToken cancellation
    )
    {
        await using var batch = database.Source.CreateBatch();
        batch.Add(
            sql,
            ("id", id),
            ("kind", Events.KindOf(message)),
            ("message", Events.Write(message)),
            ("trace", trace),
            ("now", time.GetUtcNow())
        );
        if (tellPeers)
            batch.AddWakeUp();
        await batch.ExecuteNonQueryAsync(cancellation);
    }
}
