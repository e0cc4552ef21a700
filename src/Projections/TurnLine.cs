namespace JitFunctions.Projections;

/// <summary>
/// Lets through one at a time for each key, in the order of arrival, and those who go first before all others.
/// </summary>
public sealed class TurnLine
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Waiting> _lines = [];

    /// <returns>To be disposed of when the turn is over.</returns>
    public async Task<IDisposable> WaitAsync(string key, bool first, CancellationToken cancellation) =>
        (await TryWaitAsync(key, first, int.MaxValue, cancellation))!;

    /// <param name="most">So many wait, of those who go first and of the others.</param>
    /// <returns>To be disposed of when the turn is over; null when as many wait already.</returns>
    public async Task<IDisposable?> TryWaitAsync(string key, bool first, int most, CancellationToken cancellation)
    {
        TaskCompletionSource waiter;
        lock (_gate)
        {
            if (_lines.TryAdd(key, new()))
                return new Turn(this, key);
            waiter = new(TaskCreationOptions.RunContinuationsAsynchronously);
            if (!_lines[key].TryAdd(waiter, first, most))
                return null;
        }

        // One that was given the turn has it, also when it is cancelled at that moment.
        await using (cancellation.Register(() => waiter.TrySetCanceled(cancellation)))
            await waiter.Task;
        return new Turn(this, key);
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

    private sealed class Waiting
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

    private sealed class Turn(TurnLine line, string key) : IDisposable
    {
        private bool _isOver;

        public void Dispose()
        {
            if (!Interlocked.Exchange(ref _isOver, true))
                line.PassOn(key);
        }
    }
}
