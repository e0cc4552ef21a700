using JitFunctions.EmbeddedHost.Durable.Replay;
using JitFunctions.EmbeddedHost.Durable.Storage;
using JitFunctions.EmbeddedHost.Functions;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace JitFunctions.EmbeddedHost.Durable.Dispatch;

/// <summary>Runs one turn of one instance: load, replay, store.</summary>
internal sealed class TurnWorker(
    InstanceStore store,
    TurnCommit commit,
    Replayer replayer,
    FunctionInvoker invoker,
    FunctionCatalog catalog,
    WakeUp wake,
    TimeProvider time,
    ILogger<TurnWorker> logger)
{
    /// <summary>Never throws.</summary>
    public Task RunAsync(NodeSession session, string id)
        => Persistence.TryAsync(cancellation => RunTurnAsync(session, id, cancellation), session, $"instance {id}", time, logger);

    private async Task RunTurnAsync(NodeSession session, string id, CancellationToken cancellation)
    {
        if (await store.LoadAsync(session.NodeId, id, cancellation) is not { } loaded)
            return;
        if (loaded.Messages.Count == 0)
        {
            await store.ReleaseAsync(session.NodeId, id, cancellation);
            return;
        }

        using var span = Tracing.Turn(loaded.Instance, loaded.Trace, loaded.Messages);
        var turn = await ReplayAsync(loaded, cancellation);
        var refused = turn.Activities.Where(call => !catalog.Activities.ContainsKey(call.Name)).Select(Refuse).ToArray();
        await commit.SaveAsync(session.NodeId, loaded, turn, refused, wake.PeersMustHelp, cancellation);
        if (turn.Outcome is Outcome.Failed { Failure.ErrorType: var error })
            span.Fail(error);
        Log(loaded.Instance, turn.Outcome);
    }

    // The middleware runs in the ordinary way, around the whole turn; only the orchestrator's own code runs on the pump.
    private async Task<Turn> ReplayAsync(LoadedInstance loaded, CancellationToken cancellation)
    {
        var function = catalog.Orchestrators[loaded.Instance.Name];
        var now = time.GetUtcNow().UtcDateTime;
        Turn? turn = null;
        try
        {
            var data = new Dictionary<string, object?> { ["instanceId"] = loaded.Instance.Id };
            await invoker.InvokeAsync(function, new Trigger(null, data), Body, cancellation);
        }
        catch (Exception exception) when (exception is not (NpgsqlException or OperationCanceledException))
        {
            turn = null;
            logger.LogError(exception, "Middleware failed for orchestrator {Orchestrator}", function.Name);
            return Failed(TaskFailureDetails.FromException(exception));
        }

        return turn ?? Failed(new TaskFailureDetails(
            typeof(InvalidOperationException).FullName!, $"Middleware did not call orchestrator '{function.Name}'.", null, null, null));

        Task<object?> Body(Invocation invocation)
        {
            Orchestrator orchestrator = context =>
            {
                invocation.TriggerValue = context;
                return function.CallAsync(invocation);
            };
            turn = replayer.Run(loaded.Instance, orchestrator, loaded.History, loaded.Messages, now);
            return Task.FromResult<object?>(null);
        }

        Turn Failed(TaskFailureDetails failure)
            => new([new TurnStarted(now), .. loaded.Messages], loaded.Instance.CustomStatus, new Outcome.Failed(failure));
    }

    private static ActivityFailed Refuse(ActivityCalled call) => new(
        call.TaskId,
        new TaskFailureDetails(typeof(ArgumentException).FullName!, $"There is no activity '{call.Name}'.", null, null, null));

    private void Log(Instance instance, Outcome outcome)
    {
        if (outcome is Outcome.Failed failed)
            logger.LogError("Instance {Instance} of {Orchestrator} failed: {Failure}", instance.Id, instance.Name, failed.Failure.ErrorType);
        else if (outcome is not Outcome.Waiting)
            logger.LogInformation("Instance {Instance} of {Orchestrator}: {Outcome}", instance.Id, instance.Name, outcome.GetType().Name);
    }
}
