namespace JitFunctions.EmbeddedHost.Dispatch;

/// <summary>Room for so much work of one kind at once. Work that has been started is waited for at the end.</summary>
/// <param name="freed">Called when a slot becomes free after a claim has found none.</param>
internal sealed class Slots(int limit, Action freed)
{
    private readonly HashSet<Task> _running = [];
    private readonly Lock _lock = new();
    private int _taken;
    private bool _claimWaits;

    /// <summary>
    /// Takes slots for a claim: half of those that are free, so that what is running can go on with its next step.
    /// </summary>
    /// <returns>How many; 0 when all are taken.</returns>
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
    /// Takes slots for the next step of what is running. A claim that found none comes first, lest new work wait for
    /// ever.
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

    /// <summary>Uses one slot that was taken, and gives it back at the end.</summary>
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

    /// <returns>Whether there was anything to wait for: it may have started more of the other kind.</returns>
    public async Task<bool> WhenDoneAsync()
    {
        Task[] tasks;
        lock (_lock)
            tasks = [.. _running];
        await Task.WhenAll(tasks);
        return tasks.Length > 0;
    }
}
