using System.Diagnostics;
using System.Text.Json;
using JitFunctions.EmbeddedHost.Durable.Replay;
using Microsoft.DurableTask;
using Npgsql;

namespace JitFunctions.EmbeddedHost.Durable.Storage;

/// <summary>Stores a turn: all of it in one transaction, or nothing when the instance belongs to another node by now.</summary>
internal sealed class TurnCommit(DurableDatabase database, TimeProvider time)
{
    private const string UpdateInstance = $"""
        with turn as (
            update durable.instances
            set owner = null, execution = @execution, status = @status, input = @input, output = @output,
                custom_status = @custom_status, failure = @failure, updated_at = @now
            where id = @id and owner = @me
            returning 1)
        select durable.require((select count(*) from turn) = 1, '{Refusals.NotOwner}')
        """;

    private const string ConsumeMessages = "delete from durable.inbox where id = any(@consumed)";

    private const string ClearInbox = "delete from durable.inbox where instance_id = @id";

    private const string ClearInboxForNextExecution = "delete from durable.inbox where instance_id = @id and execution is not null";

    private const string ClearHistory = "delete from durable.history where instance_id = @id";

    private const string AppendHistory = """
        insert into durable.history (instance_id, position, event)
        select @id, @position + ordinality, event::json from unnest(@events) with ordinality as appended (event, ordinality)
        """;

    private const string AddActivities = """
        insert into durable.activities (instance_id, execution, task_id, name, input, trace)
        select @id, @execution, task_id, name, input, @trace from unnest(@tasks, @names, @inputs) as called (task_id, name, input)
        """;

    private const string CancelTimers = """
        delete from durable.inbox where instance_id = @id and kind = 'fired' and execution = @execution and task_id = any(@tasks)
        """;

    /// <param name="refused">Activities that do not exist; each is answered with its failure instead of being queued.</param>
    /// <exception cref="PostgresException">See <see cref="Refusals.IsNotOwner"/>.</exception>
    public async Task SaveAsync(
        int node, LoadedInstance loaded, Turn turn, IReadOnlyList<ActivityFailed> refused, bool tellPeers, CancellationToken cancellation)
    {
        var instance = loaded.Instance;
        await using var batch = database.Source.CreateBatch();
        Update(batch, node, instance, turn);
        batch.Add(ConsumeMessages, ("consumed", loaded.MessageIds.ToArray()));
        AddActivityRows(batch, instance, turn, refused);
        if (turn.Outcome is Outcome.ContinuedAsNew next)
        {
            batch.Add(ClearHistory, ("id", instance.Id));
            batch.Add(ClearInboxForNextExecution, ("id", instance.Id));
            var now = time.GetUtcNow().UtcDateTime;
            Inbox.Add(
                batch,
                instance.Id,
                instance.Execution + 1,
                [(new Started(loaded.Trace), now), .. next.Events.Select(raised => ((Message)raised, raised.RaisedAt))]);
        }
        else
        {
            batch.Add(
                AppendHistory,
                ("id", instance.Id),
                ("position", loaded.History.Count),
                ("events", turn.Appended.Select(HistoryJson.Write).ToArray()));
            if (turn.Outcome is Outcome.Waiting)
                AddTimers(batch, instance, turn, refused);
            else
                batch.Add(ClearInbox, ("id", instance.Id));
        }

        if (tellPeers)
            batch.AddWakeUp();
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    private void Update(NpgsqlBatch batch, int node, Instance instance, Turn turn)
    {
        var (status, execution, input, output, failure) = turn.Outcome switch
        {
            Outcome.Waiting => ("Running", instance.Execution, instance.Input, null, null),
            Outcome.Completed completed => ("Completed", instance.Execution, instance.Input, completed.Output, null),
            Outcome.Ended ended => ("Terminated", instance.Execution, instance.Input, ended.Output, null),
            Outcome.ContinuedAsNew next => ("Running", instance.Execution + 1, next.Input, null, null),
            Outcome.Failed failed => ("Failed", instance.Execution, instance.Input, (string?)null, (TaskFailureDetails?)failed.Failure),
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
            ("failure", failure is null ? null : JsonSerializer.Serialize(failure)),
            ("now", time.GetUtcNow()));
    }

    // They are queued even when the orchestrator did not wait for them.
    private static void AddActivityRows(NpgsqlBatch batch, Instance instance, Turn turn, IReadOnlyList<ActivityFailed> refused)
    {
        var calls = turn.Activities.Where(call => refused.All(failed => failed.TaskId != call.TaskId)).ToArray();
        if (calls.Length > 0)
        {
            batch.Add(
                AddActivities,
                ("id", instance.Id),
                ("execution", instance.Execution),
                ("tasks", calls.Select(call => call.TaskId).ToArray()),
                ("names", calls.Select(call => call.Name).ToArray()),
                ("inputs", calls.Select(call => call.Input).ToArray()),
                ("trace", Activity.Current?.Id));
        }
    }

    private void AddTimers(NpgsqlBatch batch, Instance instance, Turn turn, IReadOnlyList<ActivityFailed> refused)
    {
        var now = time.GetUtcNow().UtcDateTime;
        Inbox.Add(batch, instance.Id, instance.Execution, [
            .. turn.Timers.Select(timer => ((Message)new TimerFired(timer.TaskId, timer.FireAt), timer.FireAt)),
            .. refused.Select(failed => ((Message)failed, now)),
        ]);
        if (turn.CancelledTimers.Select(timer => timer.TaskId).ToArray() is { Length: > 0 } cancelled)
            batch.Add(CancelTimers, ("id", instance.Id), ("execution", instance.Execution), ("tasks", cancelled));
    }
}
