using JitFunctions.EmbeddedHost.History;
using Microsoft.DurableTask.Protobuf;

namespace JitFunctions.EmbeddedHost.Storage;

internal sealed class ActivityStore(TaskHubDatabase database, TimeProvider time)
{
    private const string Remove = $"""
        with done as (delete from taskhub.activities where id = @id and owner = @me returning 1)
        select taskhub.require((select count(*) from done) = 1, '{Refusals.NotOwner}')
        """;

    // An instance that has ended or started afresh no longer wants the result.
    private const string Answer = """
        insert into taskhub.inbox (instance_id, execution, kind, message, due_at)
        select id, execution, @kind, @message::json, @now
        from taskhub.instances
        where id = @instance and execution = @execution and status = 'Running'
        """;

    /// <summary>Replaces the work by its result, in one transaction and only while this node owns it.</summary>
    public async Task FinishAsync(int node, ActivityWork work, HistoryEvent result, bool tellPeers, CancellationToken cancellation)
    {
        await using var batch = database.Source.CreateBatch();
        batch.Add(Remove, ("id", work.Id), ("me", node));
        batch.Add(
            Answer,
            ("instance", work.InstanceId),
            ("execution", work.Execution),
            ("kind", Events.KindOf(result)),
            ("message", Events.Write(result)),
            ("now", time.GetUtcNow()));
        if (tellPeers)
            batch.AddWakeUp();
        await batch.ExecuteNonQueryAsync(cancellation);
    }
}
