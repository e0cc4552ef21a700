namespace JitFunctions.Functions.Platform;

/// <summary>
/// Runs one read at a time and shares the result with all callers. A result is used for some time, even a failure.
/// </summary>
internal sealed class SharedResult<T>(TimeSpan goodFor, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private Task<T>? _reading;
    private long _readAt;

    /// <param name="cancellation">Cancels only this caller's wait; others wait for the same result.</param>
    public Task<T> GetAsync(Func<Task<T>> read, CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (_reading is null || (_reading.IsCompleted && clock.GetElapsedTime(_readAt) >= goodFor))
            {
                _readAt = clock.GetTimestamp();
                _reading = Task.Run(read, CancellationToken.None);
            }

            return _reading.WaitAsync(cancellation);
        }
    }
}
