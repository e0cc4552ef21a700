using System.Diagnostics;
using JitFunctions.EmbeddedHost.History;
using JitFunctions.EmbeddedHost.Nodes;
using JitFunctions.EmbeddedHost.Protocol;
using JitFunctions.EmbeddedHost.Storage;
using JitFunctions.EmbeddedHost.Tracing;
using JitFunctions.EmbeddedHost.Worker;
using Microsoft.DurableTask.Protobuf;
using Microsoft.Extensions.Logging;

namespace JitFunctions.EmbeddedHost.Dispatch;

/// <summary>Lets the worker run one activity and stores its result.</summary>
internal sealed class ActivityWorker(
    ActivityStore store,
    FunctionWorker worker,
    HostEndpoint endpoint,
    WakeUp wake,
    TimeProvider time,
    ILogger<ActivityWorker> logger
)
{
    /// <summary>Never throws.</summary>
    /// <param name="turns">The slots for turns, in case the result leads to one.</param>
    /// <returns>The instance whose next turn this node must run now, with a slot taken for it; else null.</returns>
    public async Task<LoadedInstance?> RunAsync(NodeSession session, ActivityWork work, Slots turns)
    {
        using var span = Spans.Call(work.Name, work.InstanceId, work.Trace);
        if (await ResultAsync(session, work) is not { } result)
            return null;
        var room = session.Ending.IsCancellationRequested ? 0 : turns.TakeForNext(1);
        var next = await Persistence.TryAsync(
            cancellation =>
                store.FinishAsync(session.NodeId, work, result, claim: room > 0, wake.PeersMustHelp, cancellation),
            session,
            $"activity {work.Name} of instance {work.InstanceId}",
            time,
            logger
        );
        if (next is null)
        {
            turns.GiveBack(room);
            wake.Signal();
        }

        return next;
    }

    /// <returns>Null when the worker is gone, or when the activity failed while the node was stopping. Another node
    /// then runs the activity.</returns>
    private async Task<HistoryEvent?> ResultAsync(NodeSession session, ActivityWork work)
    {
        try
        {
            var function = worker.Functions.Activities[work.Name];
            var response = await worker.InvokeAsync(
                function.Request(
                    work.Input is null ? null : new TypedData { Json = work.Input },
                    endpoint.DurableClient,
                    ("instanceId", work.InstanceId)
                ),
                session.Ending
            );
            if (response.Succeeded())
                return Events.TaskCompleted(work.TaskId, response.ReturnValue.AsJson(), time.GetUtcNow().UtcDateTime);
            return session.Ending.IsCancellationRequested ? null : Failed(work, response.Failure());
        }
        catch (IOException)
        {
            return null;
        }
    }

    private HistoryEvent Failed(ActivityWork work, TaskFailureDetails failure)
    {
        Activity.Current.Fail(failure.ErrorType);
        logger.LogWarning(
            "Activity {Activity} of instance {Instance} failed: {Failure}",
            work.Name,
            work.InstanceId,
            failure.ErrorType
        );
        return Events.TaskFailed(work.TaskId, failure, time.GetUtcNow().UtcDateTime);
    }
}
