namespace JitFunctions.EmbeddedHost.Dispatch;

/// <summary>Work that runs in the background and is waited for at the end.</summary>
internal sealed class RunningWork
{
    private readonly HashSet<Task> _tasks = [];
    private readonly Lock _lock = new();

    public int Count
    {
        get
        {
            lock (_lock)
                return _tasks.Count;
        }
    }

    /// <param name="work">Must not throw.</param>
    public void Start(Func<Task> work, Action done)
    {
        var task = new Task<Task>(work);
        var finished = task.Unwrap();
        lock (_lock)
            _tasks.Add(finished);
        finished.ContinueWith(
            ended =>
            {
                lock (_lock)
                    _tasks.Remove(ended);
                done();
            },
            TaskScheduler.Default);
        task.Start(TaskScheduler.Default);
    }

    public async Task WhenDoneAsync()
    {
        Task[] tasks;
        lock (_lock)
            tasks = [.. _tasks];
        await Task.WhenAll(tasks);
    }
}
