namespace JitFunctions.Functions.Platform;

/// <summary>
/// Something that is read one at a time, for all who want it together. A result, also a failure, stands for a while.
/// </summary>
internal sealed class SharedResult<T>(TimeSpan goodFor, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private Task<T>? _reading;
    private long _readAt;

    /// <param name="cancellation">Of the one who waits; others wait for the same.</param>
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
