using System.Diagnostics;
using JitFunctions.EmbeddedHost.Durable.Replay;
using JitFunctions.EmbeddedHost.Durable.Storage;
using JitFunctions.EmbeddedHost.Functions;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;

namespace JitFunctions.EmbeddedHost.Durable.Dispatch;

/// <summary>Runs one activity and stores what came of it.</summary>
internal sealed class ActivityWorker(
    ActivityStore store,
    FunctionInvoker invoker,
    FunctionCatalog catalog,
    DataConverter converter,
    WakeUp wake,
    TimeProvider time,
    ILogger<ActivityWorker> logger)
{
    /// <summary>Never throws.</summary>
    public async Task RunAsync(NodeSession session, ActivityWork work)
    {
        using var span = Tracing.Call(work.Name, work.InstanceId, work.Trace);
        if (await ResultAsync(session, work) is { } result)
        {
            await Persistence.TryAsync(
                cancellation => store.FinishAsync(session.NodeId, work, result, wake.PeersMustHelp, cancellation),
                session,
                $"activity {work.Name} of instance {work.InstanceId}",
                time,
                logger);
        }
    }

    /// <returns>Null when the node was told to stop: the activity stays undone, for another node.</returns>
    private async Task<Message?> ResultAsync(NodeSession session, ActivityWork work)
    {
        try
        {
            var data = new Dictionary<string, object?> { ["instanceId"] = work.InstanceId };
            var result = await invoker.InvokeAsync(
                catalog.Activities[work.Name], new Trigger(work.Input, data), null, session.Ending);
            return new ActivityCompleted(work.TaskId, converter.Serialize(result));
        }
        catch (OperationCanceledException) when (session.Ending.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception exception)
        {
            Activity.Current.Fail(exception.GetType().FullName!);
            logger.LogWarning(exception, "Activity {Activity} of instance {Instance} failed", work.Name, work.InstanceId);
            return new ActivityFailed(work.TaskId, TaskFailureDetails.FromException(exception));
        }
    }
}
