using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using JitFunctions.EmbeddedHost.History;
using JitFunctions.EmbeddedHost.Nodes;
using JitFunctions.EmbeddedHost.Protocol;
using JitFunctions.EmbeddedHost.Storage;
using JitFunctions.EmbeddedHost.Tracing;
using JitFunctions.EmbeddedHost.Worker;
using Microsoft.DurableTask.Protobuf;
using Microsoft.Extensions.Logging;

namespace JitFunctions.EmbeddedHost.Dispatch;

/// <summary>Runs one turn of one instance: load, let the worker replay, store.</summary>
internal sealed class TurnWorker(
    InstanceStore store,
    TurnCommit commit,
    FunctionWorker worker,
    HostEndpoint endpoint,
    WakeUp wake,
    TimeProvider time,
    ILogger<TurnWorker> logger
)
{
    /// <summary>Never throws.</summary>
    /// <param name="loaded">The state that the turn starts from, if it is already loaded.</param>
    /// <param name="activities">The slots for the activities that the turn calls.</param>
    /// <returns>The activities that this node must run now, each with a slot taken.</returns>
    public async Task<IReadOnlyList<ActivityWork>> RunAsync(
        NodeSession session,
        string id,
        LoadedInstance? loaded,
        Slots activities
    )
    {
        return await Persistence.TryAsync(RunOnceAsync, session, $"instance {id}", time, logger) ?? [];

        Task<IReadOnlyList<ActivityWork>> RunOnceAsync(CancellationToken cancellation)
        {
            // After a failure everything is loaded again.
            var known = loaded;
            loaded = null;
            return RunTurnAsync(session, id, known, activities, cancellation);
        }
    }

    private async Task<IReadOnlyList<ActivityWork>> RunTurnAsync(
        NodeSession session,
        string id,
        LoadedInstance? known,
        Slots activities,
        CancellationToken cancellation
    )
    {
        var loaded = known ?? await store.LoadAsync(session.NodeId, id, cancellation);
        if (loaded.Messages.Count == 0)
        {
            await store.ReleaseAsync(session.NodeId, id, cancellation);
            wake.Signal();
            return [];
        }

        using var span = Spans.Turn(loaded.Instance, loaded.Trace, loaded.Messages.Select(message => message.Trace));
        var messages = loaded.Messages.Select(message => message.Event).ToArray();
        var begun = Turn.Begin(loaded.History, messages, time.GetUtcNow().UtcDateTime);
        var turn = messages.FirstOrDefault(message => message.ExecutionTerminated is not null) is { } terminated
            ? Turn.Terminated(begun, loaded.Instance.CustomStatus, terminated.ExecutionTerminated.Input)
            : await ReplayAsync(loaded, begun, cancellation);
        var claimed = await SaveAsync(session, loaded, turn, activities, cancellation);
        if (turn.Outcome is TurnOutcome.Failed { Failure.ErrorType: var error })
            span.Fail(error);
        Log(loaded.Instance, turn.Outcome);
        return claimed;
    }

    private async Task<IReadOnlyList<ActivityWork>> SaveAsync(
        NodeSession session,
        LoadedInstance loaded,
        Turn turn,
        Slots activities,
        CancellationToken cancellation
    )
    {
        var refused = Refuse(turn).ToArray();
        var room = session.Ending.IsCancellationRequested
            ? 0
            : activities.TakeForNext(turn.Activities.Count - refused.Length);
        var claimed = 0;
        try
        {
            var saved = await commit.SaveAsync(
                session.NodeId,
                loaded,
                turn,
                refused,
                room,
                wake.PeersMustHelp,
                cancellation
            );
            claimed = saved.Claimed.Count;
            if (saved.IsMoreToDo)
                wake.Signal();
            return saved.Claimed;
        }
        finally
        {
            activities.GiveBack(room - claimed);
        }
    }

    private async Task<Turn> ReplayAsync(
        LoadedInstance loaded,
        IReadOnlyList<HistoryEvent> begun,
        CancellationToken cancellation
    )
    {
        var instance = loaded.Instance;
        var function = worker.Functions.Orchestrators[instance.Name];
        var request = new OrchestratorRequest
        {
            InstanceId = instance.Id,
            ExecutionId = Events.ExecutionId(instance.Execution),
            PastEvents = { loaded.History },
            NewEvents = { begun },
            // The worker reads this for every orchestrator, whether it uses entities or not.
            EntityParameters = new OrchestratorEntityParameters { EntityMessageReorderWindow = new Duration() },
        };
        var input = new TypedData { String = request.ToByteString().ToBase64() };
        var response = await worker.InvokeAsync(
            function.Request(input, endpoint.DurableClient, ("instanceId", instance.Id)),
            cancellation
        );
        if (!response.Succeeded())
            return Turn.Failed(begun, instance.CustomStatus, response.Failure());
        if (response.ReturnValue?.String is not { Length: > 0 } answer)
            return Turn.Failed(begun, instance.CustomStatus, LeftOut(function));
        return Turn.From(begun, OrchestratorResponse.Parser.ParseFrom(ByteString.FromBase64(answer)));
    }

    private static TaskFailureDetails LeftOut(Function function) =>
        new()
        {
            ErrorType = typeof(InvalidOperationException).FullName,
            ErrorMessage = $"Middleware did not call orchestrator '{function.Name}'.",
        };

    private IEnumerable<HistoryEvent> Refuse(Turn turn) =>
        from call in turn.Activities
        where !worker.Functions.Activities.ContainsKey(call.Name)
        select Events.TaskFailed(
            call.TaskId,
            new TaskFailureDetails
            {
                ErrorType = typeof(ArgumentException).FullName,
                ErrorMessage = $"There is no activity '{call.Name}'.",
            },
            time.GetUtcNow().UtcDateTime
        );

    private void Log(Instance instance, TurnOutcome outcome)
    {
        if (outcome is TurnOutcome.Failed failed)
            logger.LogError(
                "Instance {Instance} of {Orchestrator} failed: {Failure}",
                instance.Id,
                instance.Name,
                failed.Failure.ErrorType
            );
        else if (outcome is not TurnOutcome.Waiting)
            logger.LogInformation(
                "Instance {Instance} of {Orchestrator}: {Outcome}",
                instance.Id,
                instance.Name,
                outcome.GetType().Name
            );
    }
}
