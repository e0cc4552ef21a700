using System.Diagnostics;
using JitFunctions.EmbeddedHost.History;
using Microsoft.DurableTask.Protobuf;
using Npgsql;

namespace JitFunctions.EmbeddedHost.Storage;

/// <param name="Claimed">The activities of the turn that this node must run.</param>
/// <param name="IsMoreToDo">Whether other work is waiting, or will be, that has to be claimed.</param>
internal sealed record SavedTurn(IReadOnlyList<ActivityWork> Claimed, bool IsMoreToDo);

/// <summary>Stores a turn in one transaction. Nothing is stored if the instance now belongs to another node.</summary>
internal sealed class TurnCommit(TaskHubDatabase database, TimeProvider time)
{
    private const string UpdateInstance = $"""
        with turn as (
            update taskhub.instances
            set owner = null, execution = @execution, status = @status, input = @input, output = @output,
                custom_status = @custom_status, failure = @failure, updated_at = @now
            where id = @id and owner = @me
            returning 1)
        select taskhub.require((select count(*) from turn) = 1, '{Refusals.NotOwner}')
        """;

    private const string ConsumeMessages = "delete from taskhub.inbox where id = any(@consumed)";

    private const string ClearInbox = "delete from taskhub.inbox where instance_id = @id";

    private const string ClearInboxForNextExecution =
        "delete from taskhub.inbox where instance_id = @id and execution is not null";

    private const string ClearHistory = "delete from taskhub.history where instance_id = @id";

    private const string AppendHistory = """
        insert into taskhub.history (instance_id, position, event)
        select @id, @position + ordinality, event::json
        from unnest(@events) with ordinality as appended (event, ordinality)
        """;

    private const string AddActivities = """
        insert into taskhub.activities (instance_id, execution, task_id, name, input, trace, owner)
        select @id, @execution, task_id, name, input, @trace, case when ordinality <= @claim then @me end
        from unnest(@tasks, @names, @inputs) with ordinality as called (task_id, name, input, ordinality)
        returning case when owner is not null then id end, task_id
        """;

    /// <param name="refused">
    /// Activities that do not exist. They are not queued; each gets a failure as its result.
    /// </param>
    /// <param name="claim">How many of the activities this node claims at once.</param>
    /// <exception cref="PostgresException">See <see cref="Refusals.IsNotOwner"/>.</exception>
    /// <exception cref="UnknownOutcomeException">
    /// This node may own activities of the turn, but it is unknown which.
    /// </exception>
    public async Task<SavedTurn> SaveAsync(
        int node,
        LoadedInstance loaded,
        Turn turn,
        IReadOnlyList<HistoryEvent> refused,
        int claim,
        bool tellPeers,
        CancellationToken cancellation
    )
    {
        var instance = loaded.Instance;
        var now = time.GetUtcNow();
        await using var batch = database.Source.CreateBatch();
        Update(batch, node, instance, turn, now);
        batch.Add(ConsumeMessages, ("consumed", loaded.Messages.Select(message => message.Id).ToArray()));
        var calls = turn
            .Activities.Where(call => refused.All(failed => failed.TaskFailed.TaskScheduledId != call.TaskId))
            .ToArray();
        QueueActivities(batch, node, instance, calls, claim);
        if (turn.Outcome is TurnOutcome.ContinuedAsNew next)
        {
            batch.Add(ClearHistory, ("id", instance.Id));
            batch.Add(ClearInboxForNextExecution, ("id", instance.Id));
            Inbox.Add(
                batch,
                instance.Id,
                instance.Execution + 1,
                [
                    (Events.ExecutionStarted(loaded.Trace, now.UtcDateTime), now.UtcDateTime),
                    .. next.Events.Select(raised => (raised, raised.Timestamp.ToDateTime())),
                ]
            );
        }
        else
        {
            batch.Add(
                AppendHistory,
                ("id", instance.Id),
                ("position", loaded.History.Count),
                ("events", turn.Appended.Select(Events.Write).ToArray())
            );
            if (turn.Outcome is TurnOutcome.Waiting)
            {
                Inbox.Add(
                    batch,
                    instance.Id,
                    instance.Execution,
                    [
                        .. turn.Timers.Select(timer =>
                            (Events.TimerFired(timer.TaskId, timer.FireAt), timer.FireAt.ToDateTime())
                        ),
                        .. refused.Select(failed => (failed, now.UtcDateTime)),
                    ]
                );
            }
            else
            {
                batch.Add(ClearInbox, ("id", instance.Id));
            }
        }

        batch.Add(Inbox.IsNotEmpty, ("id", instance.Id));
        if (tellPeers)
            batch.AddWakeUp();

        try
        {
            await using var reader = await batch.ExecuteReaderAsync(cancellation);
            var claimed = calls.Length > 0 ? await ReadClaimedAsync(reader, loaded, turn, calls, cancellation) : [];
            await reader.NextResultAsync(cancellation);
            await reader.ReadAsync(cancellation);
            return new SavedTurn(claimed, reader.GetBoolean(0) || claimed.Count < calls.Length);
        }
        catch (Exception exception) when (exception is not PostgresException && claim > 0 && calls.Length > 0)
        {
            // A retry could not detect this: the node may have claimed the instance again, for another turn.
            throw new UnknownOutcomeException(exception);
        }
    }

    private static void Update(NpgsqlBatch batch, int node, Instance instance, Turn turn, DateTimeOffset now)
    {
        var (status, execution, input, output, failure) = turn.Outcome switch
        {
            TurnOutcome.Waiting => ("Running", instance.Execution, instance.Input, null, null),
            TurnOutcome.Completed completed => (
                "Completed",
                instance.Execution,
                instance.Input,
                completed.Output,
                null
            ),
            TurnOutcome.Terminated ended => ("Terminated", instance.Execution, instance.Input, ended.Output, null),
            TurnOutcome.ContinuedAsNew next => ("Running", instance.Execution + 1, next.Input, null, null),
            TurnOutcome.Failed failed => (
                "Failed",
                instance.Execution,
                instance.Input,
                (string?)null,
                (TaskFailureDetails?)failed.Failure
            ),
            _ => throw new ArgumentOutOfRangeException(nameof(turn), turn.Outcome, "An outcome without a status."),
        };
        batch.Add(
            UpdateInstance,
            ("id", instance.Id),
            ("me", node),
            ("execution", execution),
            ("status", status),
            ("input", input),
            ("output", output),
            ("custom_status", turn.CustomStatus),
            ("failure", failure is null ? null : Google.Protobuf.JsonFormatter.Default.Format(failure)),
            ("now", now)
        );
    }

    // Activities are queued even if the orchestrator did not wait for them.
    private static void QueueActivities(NpgsqlBatch batch, int node, Instance instance, ActivityCall[] calls, int claim)
    {
        if (calls.Length > 0)
        {
            batch.Add(
                AddActivities,
                ("id", instance.Id),
                ("me", node),
                ("claim", claim),
                ("execution", instance.Execution),
                ("tasks", calls.Select(call => call.TaskId).ToArray()),
                ("names", calls.Select(call => call.Name).ToArray()),
                ("inputs", calls.Select(call => call.Input).ToArray()),
                ("trace", Activity.Current?.Id)
            );
        }
    }

    private static async Task<List<ActivityWork>> ReadClaimedAsync(
        NpgsqlDataReader reader,
        LoadedInstance loaded,
        Turn turn,
        ActivityCall[] calls,
        CancellationToken cancellation
    )
    {
        var instance = loaded.Instance;
        IReadOnlyList<HistoryEvent> known = [.. loaded.History, .. turn.Appended];
        List<ActivityWork> claimed = [];
        await reader.NextResultAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            if (reader.IsDBNull(0))
                continue;
            var call = calls.Single(call => call.TaskId == reader.GetInt32(1));
            claimed.Add(
                new(
                    reader.GetInt64(0),
                    instance.Id,
                    instance.Execution,
                    call.TaskId,
                    call.Name,
                    call.Input,
                    Activity.Current?.Id,
                    known
                )
            );
        }

        return claimed;
    }
}
