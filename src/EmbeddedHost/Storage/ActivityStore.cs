using JitFunctions.EmbeddedHost.History;
using JitFunctions.EmbeddedHost.Settings;
using Microsoft.DurableTask.Protobuf;

namespace JitFunctions.EmbeddedHost.Storage;

/// <summary>Stores the results of activities.</summary>
internal sealed class ActivityStore(TaskHubDatabase database, HostJson hostJson, TimeProvider time)
{
    private const string Remove = $"""
        with done as (delete from taskhub.activities where id = @id and owner = @me returning 1)
        select taskhub.require((select count(*) from done) = 1, '{Refusals.NotOwner}')
        """;

    // An instance that has ended or restarted no longer needs the result.
    private const string Answer = $"""
        insert into taskhub.inbox (instance_id, execution, kind, message, due_at)
        select id, execution, @kind, @message::json, @now
        from taskhub.instances
        where id = @instance and execution = @execution and status = 'Running'
        {Inbox.NotDuringACommit}
        """;

    private const string ClaimInstance = $"""
        update taskhub.instances set owner = @me
        where id = @instance and execution = @execution and status = 'Running' and owner is null
          and {WorkQueue.IsForThisVersion} and exists (select from taskhub.nodes where nodes.id = @me)
        returning {InstanceStore.Columns}
        """;

    /// <summary>Replaces the work by its result, in one transaction and only while this node owns it.</summary>
    /// <param name="claim">Whether to claim the instance for its next turn too, if no node owns it.</param>
    /// <returns>The instance, if it was claimed; else null.</returns>
    /// <exception cref="Npgsql.PostgresException">See <see cref="Refusals.IsNotOwner"/>.</exception>
    public async Task<LoadedInstance?> FinishAsync(
        int node,
        ActivityWork work,
        HistoryEvent result,
        bool claim,
        bool tellPeers,
        CancellationToken cancellation
    )
    {
        var now = time.GetUtcNow();
        await using var batch = database.Source.CreateBatch();
        batch.Add(Remove, ("id", work.Id), ("me", node));
        batch.Add(
            Answer,
            ("instance", work.InstanceId),
            ("execution", work.Execution),
            ("kind", Events.KindOf(result)),
            ("message", Events.Write(result)),
            ("now", now)
        );
        if (claim)
        {
            batch.Add(
                ClaimInstance,
                ("me", node),
                ("instance", work.InstanceId),
                ("execution", work.Execution),
                ("version", hostJson.DefaultVersion)
            );
            InstanceStore.AddReads(batch, work.InstanceId, now, known: work.Known.Count);
        }

        if (tellPeers)
            batch.AddWakeUp();
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        if (!claim)
            return null;
        await reader.NextResultAsync(cancellation);
        return await InstanceStore.ReadAsync(reader, work.InstanceId, work.Known, cancellation);
    }
}
