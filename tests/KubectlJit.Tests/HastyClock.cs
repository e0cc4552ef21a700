namespace JitFunctions.KubectlJit.Tests;

/// <summary>
/// Time passes only by waits, which take a twentieth of it. So waits that are right for people do not slow the tests,
/// and however slow the machine is, its work takes no time.
/// </summary>
internal sealed class HastyClock : TimeProvider
{
    private const int Pace = 20;

    private readonly Lock _lock = new();
    private TimeSpan _passed;
    private int _timers;

    /// <summary>How often somebody has waited.</summary>
    public int Timers => _timers;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow() => Plugin.Now + Passed;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Passed.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Interlocked.Increment(ref _timers);
        if (dueTime == Timeout.InfiniteTimeSpan || period != Timeout.InfiniteTimeSpan)
            throw new NotSupportedException("This clock has waits of one known length.");
        var due = Passed + dueTime;
        return System.CreateTimer(_ => Fire(due, callback, state), null, dueTime / Pace, period);
    }

    private TimeSpan Passed
    {
        get
        {
            lock (_lock)
                return _passed;
        }
    }

    private void Fire(TimeSpan due, TimerCallback callback, object? state)
    {
        lock (_lock)
            _passed = due > _passed ? due : _passed;
        callback(state);
    }
}
