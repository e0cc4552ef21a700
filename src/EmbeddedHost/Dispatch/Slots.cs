namespace JitFunctions.EmbeddedHost.Dispatch;

/// <summary>
/// Limits how much work of one kind runs at once. The end of the session waits for work that has started.
/// </summary>
/// <param name="freed">Called when a slot becomes free after a claim found no free slot.</param>
internal sealed class Slots(int limit, Action freed)
{
    private readonly HashSet<Task> _running = [];
    private readonly Lock _lock = new();
    private int _taken;
    private bool _claimWaits;

    /// <summary>
    /// Takes slots for a claim: half of the free ones, so that running work can continue with its next step.
    /// </summary>
    /// <returns>How many slots it took; 0 when all are in use.</returns>
    public int TakeForClaim()
    {
        lock (_lock)
        {
            var count = (limit - _taken + 1) / 2;
            _claimWaits = count == 0;
            _taken += count;
            return count;
        }
    }

    /// <summary>
    /// Takes slots for the next step of running work. A claim that found no free slot has priority, so that new work
    /// does not wait forever.
    /// </summary>
    /// <returns>How many, from 0 to <paramref name="wanted"/>.</returns>
    public int TakeForNext(int wanted)
    {
        lock (_lock)
        {
            var count = _claimWaits ? 0 : Math.Min(wanted, limit - _taken);
            _taken += count;
            return count;
        }
    }

    public void GiveBack(int count)
    {
        if (count == 0)
            return;
        lock (_lock)
        {
            _taken -= count;
            if (!_claimWaits)
                return;
        }

        freed();
    }

    /// <summary>Runs the work in a slot that was taken, and frees the slot afterwards.</summary>
    /// <param name="work">Must not throw.</param>
    public void Start(Func<Task> work)
    {
        var task = new Task<Task>(work);
        var finished = task.Unwrap();
        lock (_lock)
            _running.Add(finished);
        finished.ContinueWith(
            ended =>
            {
                lock (_lock)
                    _running.Remove(ended);
                GiveBack(1);
            },
            TaskScheduler.Default
        );
        task.Start(TaskScheduler.Default);
    }

    /// <returns>Whether there was work to wait for. Such work may have started work of the other kind.</returns>
    public async Task<bool> WhenDoneAsync()
    {
        Task[] tasks;
        lock (_lock)
            tasks = [.. _running];
        await Task.WhenAll(tasks);
        return tasks.Length > 0;
    }
}
