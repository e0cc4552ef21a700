using JitFunctions.EmbeddedHost.Nodes;
using JitFunctions.EmbeddedHost.Settings;
using JitFunctions.EmbeddedHost.Storage;
using JitFunctions.EmbeddedHost.Worker;

namespace JitFunctions.EmbeddedHost.Dispatch;

/// <summary>
/// Claims work for one node session while slots are free, and sleeps until the next signal or timer. If this node can
/// run the next step itself, it does so at once, without a claim: the activities that a turn called, and the next turn
/// after their results.
/// </summary>
internal sealed class DispatchLoop(
    NodeSession session,
    WorkQueue queue,
    TurnWorker turns,
    ActivityWorker activities,
    FunctionCatalog catalog,
    EmbeddedHostOptions options,
    WakeUp wake
)
{
    // Timers of the operating system have a resolution of a millisecond; a shorter sleep would be a busy loop.
    private static readonly TimeSpan ShortestSleep = TimeSpan.FromMilliseconds(1);

    private readonly string[] _orchestrators =
    [
        .. catalog.Orchestrators.Values.Select(function => function.DurableName),
    ];
    private readonly string[] _activities = [.. catalog.Activities.Keys.Select(name => name.ToLowerInvariant())];
    private readonly Slots _turnSlots = new(options.MaxConcurrentOrchestrations, wake.Signal);
    private readonly Slots _activitySlots = new(options.MaxConcurrentActivities, wake.Signal);

    /// <summary>
    /// Runs until the session is ending and the current work is done. After a failed claim it is unknown what this node
    /// owns, so the exception must end the session, which frees all of it.
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
            // The claim was cancelled; the end of the session frees what it may have claimed.
        }
        finally
        {
            wake.PeersMustHelp = true;
        }

        while (await _turnSlots.WhenDoneAsync() | await _activitySlots.WhenDoneAsync())
        {
            // The work that has just ended may have started its next step.
        }
    }

    /// <returns>How long to wait until more work is expected.</returns>
    private async Task<TimeSpan> TakeWorkAsync()
    {
        while (true)
        {
            var (turnRoom, activityRoom) = (_turnSlots.TakeForClaim(), _activitySlots.TakeForClaim());
            wake.PeersMustHelp = turnRoom == 0 || activityRoom == 0;
            if (turnRoom + activityRoom == 0)
                return options.PollInterval;

            var work = await queue.ClaimAsync(
                session.NodeId,
                (_orchestrators, turnRoom),
                (_activities, activityRoom),
                session.Ending
            );
            _turnSlots.GiveBack(turnRoom - work.Instances.Count);
            _activitySlots.GiveBack(activityRoom - work.Activities.Count);
            foreach (var id in work.Instances)
                StartTurn(id, null);
            foreach (var activity in work.Activities)
                StartActivity(activity);
            if (!work.MayBeMore)
                return Sleep(work.UntilNext);
        }
    }

    private TimeSpan Sleep(TimeSpan? untilNext)
    {
        var sleep = untilNext < options.PollInterval ? untilNext.Value : options.PollInterval;
        return sleep > ShortestSleep ? sleep : ShortestSleep;
    }

    private void StartTurn(string id, LoadedInstance? loaded) =>
        _turnSlots.Start(async () =>
        {
            foreach (var activity in await turns.RunAsync(session, id, loaded, _activitySlots))
                StartActivity(activity);
        });

    private void StartActivity(ActivityWork work) =>
        _activitySlots.Start(async () =>
        {
            if (await activities.RunAsync(session, work, _turnSlots) is { } loaded)
                StartTurn(work.InstanceId, loaded);
        });
}
