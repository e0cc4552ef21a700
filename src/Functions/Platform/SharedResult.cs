namespace JitFunctions.Functions.Platform;

/// <summary>
/// Runs one read at a time and shares the result with all callers. A result is used for some time.
/// </summary>
/// <param name="keepsFailures">Whether a failure is used for that time too, or only by those who wait for it.</param>
internal sealed class SharedResult<T>(TimeSpan goodFor, TimeProvider clock, bool keepsFailures = true)
{
    private readonly Lock _gate = new();
    private Task<T>? _reading;
    private long _readAt;

    /// <param name="cancellation">Cancels only this caller's wait; others wait for the same result.</param>
    public Task<T> GetAsync(Func<Task<T>> read, CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (_reading is null || IsOver(_reading))
            {
                _readAt = clock.GetTimestamp();
                _reading = Task.Run(read, CancellationToken.None);
            }

            return _reading.WaitAsync(cancellation);
        }
    }

    /// <summary>The next caller reads anew, even while a read is running.</summary>
    public void Forget()
    {
        lock (_gate)
            _reading = null;
    }

    private bool IsOver(Task<T> reading) =>
        reading.IsCompleted
        && (clock.GetElapsedTime(_readAt) >= goodFor || (!keepsFailures && !reading.IsCompletedSuccessfully));
}
