namespace JitFunctions.Projections;

/// <summary>
/// A queue for each key that lets one waiter through at a time, in the order of arrival. Waiters with priority come
/// before all others.
/// </summary>
public sealed class TurnLine
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Waiters> _lines = [];

    /// <returns>Dispose of it when the turn is over.</returns>
    public async Task<IDisposable> WaitAsync(string key, bool first, CancellationToken cancellation) =>
        (await TryWaitAsync(key, first, int.MaxValue, cancellation))!;

    /// <param name="most">The maximum number of waiters, separately for those with priority and for the others.</param>
    /// <returns>Dispose of it when the turn is over; null if the maximum number of waiters is reached.</returns>
    public async Task<IDisposable?> TryWaitAsync(string key, bool first, int most, CancellationToken cancellation)
    {
        TaskCompletionSource waiter;
        lock (_gate)
        {
            if (_lines.TryAdd(key, new()))
                return new Place(this, key);
            waiter = new(TaskCreationOptions.RunContinuationsAsynchronously);
            if (!_lines[key].TryAdd(waiter, first, most))
                return null;
        }

        // A waiter that was given the turn keeps it, even if it is cancelled at the same moment.
        await using (cancellation.Register(() => waiter.TrySetCanceled(cancellation)))
            await waiter.Task;
        return new Place(this, key);
    }

    private void PassOn(string key)
    {
        lock (_gate)
        {
            while (_lines[key].Next() is { } next)
            {
                if (next.TrySetResult())
                    return;
            }

            _lines.Remove(key);
        }
    }

    private sealed class Waiters
    {
        private readonly Queue<TaskCompletionSource> _first = [];
        private readonly Queue<TaskCompletionSource> _others = [];

        public bool TryAdd(TaskCompletionSource waiter, bool first, int most)
        {
            var line = first ? _first : _others;
            if (line.Count >= most)
                return false;
            line.Enqueue(waiter);
            return true;
        }

        public TaskCompletionSource? Next() =>
            _first.TryDequeue(out var next) || _others.TryDequeue(out next) ? next : null;
    }

    private sealed class Place(TurnLine line, string key) : IDisposable
    {
        private bool _isOver;

        public void Dispose()
        {
            if (!Interlocked.Exchange(ref _isOver, true))
                line.PassOn(key);
        }
    }
}
