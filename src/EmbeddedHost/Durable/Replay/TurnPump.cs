namespace JitFunctions.EmbeddedHost.Durable.Replay;

/// <summary>Keeps an orchestrator on one thread: its continuations queue up here and run before the pump returns.</summary>
internal sealed class TurnPump : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _queue = new();
    private int _thread;

    public bool IsOnThread => _thread == Environment.CurrentManagedThreadId;

    /// <summary>Runs the action and all that follows from it.</summary>
    public void Run(Action action)
    {
        var outer = Current;
        _thread = Environment.CurrentManagedThreadId;
        SetSynchronizationContext(this);
        try
        {
            action();
            while (TryDequeue(out var work))
                work.Callback(work.State);
        }
        finally
        {
            SetSynchronizationContext(outer);
            _thread = 0;
        }
    }

    // A task that is not durable posts from another thread, possibly when nobody pumps any more.
    public override void Post(SendOrPostCallback d, object? state)
    {
        lock (_queue)
            _queue.Enqueue((d, state));
    }

    public override void Send(SendOrPostCallback d, object? state)
        => throw new NotSupportedException("An orchestrator runs on one thread and cannot be called into.");

    public override SynchronizationContext CreateCopy() => this;

    private bool TryDequeue(out (SendOrPostCallback Callback, object? State) work)
    {
        lock (_queue)
            return _queue.TryDequeue(out work);
    }
}
