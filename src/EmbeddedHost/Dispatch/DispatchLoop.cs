using JitFunctions.EmbeddedHost.Nodes;
using JitFunctions.EmbeddedHost.Settings;
using JitFunctions.EmbeddedHost.Storage;
using JitFunctions.EmbeddedHost.Worker;

namespace JitFunctions.EmbeddedHost.Dispatch;

/// <summary>Takes work for one node session while there is room, and sleeps until the next signal or timer.</summary>
internal sealed class DispatchLoop(
    NodeSession session,
    WorkQueue queue,
    TurnWorker turns,
    ActivityWorker activities,
    FunctionCatalog catalog,
    EmbeddedHostOptions options,
    WakeUp wake)
{
    // Timers of the operating system tick in milliseconds; less would spin.
    private static readonly TimeSpan ShortestSleep = TimeSpan.FromMilliseconds(1);

    private readonly string[] _orchestrators = [.. catalog.Orchestrators.Values.Select(function => function.DurableName)];
    private readonly string[] _activities = [.. catalog.Activities.Keys.Select(name => name.ToLowerInvariant())];
    private readonly RunningWork _runningTurns = new();
    private readonly RunningWork _runningActivities = new();

    private int TurnRoom => options.MaxConcurrentOrchestrations - _runningTurns.Count;

    private int ActivityRoom => options.MaxConcurrentActivities - _runningActivities.Count;

    /// <summary>
    /// Runs until the session is ending and the work in hand is done. After a failed claim nobody knows what this node owns, so the
    /// exception must end the session: that frees it all.
    /// </summary>
    public async Task RunAsync()
    {
        try
        {
            while (!session.Ending.IsCancellationRequested)
                await wake.WaitAsync(await TakeWorkAsync(), session.Ending);
        }
        catch (Exception) when (session.Ending.IsCancellationRequested)
        {
            // The claim was cut short, and the end of the session frees what it may have taken.
        }
        finally
        {
            wake.PeersMustHelp = true;
        }

        await _runningTurns.WhenDoneAsync();
        await _runningActivities.WhenDoneAsync();
    }

    /// <returns>How long there will be nothing to do.</returns>
    private async Task<TimeSpan> TakeWorkAsync()
    {
        while (true)
        {
            wake.PeersMustHelp = TurnRoom <= 0 || ActivityRoom <= 0;
            if (TurnRoom <= 0 && ActivityRoom <= 0)
                return options.PollInterval;

            var work = await queue.ClaimAsync(
                session.NodeId, (_orchestrators, Math.Max(0, TurnRoom)), (_activities, Math.Max(0, ActivityRoom)), session.Ending);
            foreach (var id in work.Instances)
                Start(_runningTurns, () => turns.RunAsync(session, id));
            foreach (var activity in work.Activities)
                Start(_runningActivities, () => activities.RunAsync(session, activity));
            if (work is { Instances.Count: 0, Activities.Count: 0 })
                return Sleep(work.UntilNext);
        }
    }

    private TimeSpan Sleep(TimeSpan? untilNext)
    {
        var sleep = untilNext < options.PollInterval ? untilNext.Value : options.PollInterval;
        return sleep > ShortestSleep ? sleep : ShortestSleep;
    }

    private void Start(RunningWork running, Func<Task> work) => running.Start(work, wake.Signal);
}
