namespace JitFunctions.KubectlJit.Tests;

/// <summary>Runs twenty times as fast as real time, so that waits which are right for people do not slow the tests.</summary>
internal sealed class HastyClock : TimeProvider
{
    private const int Pace = 20;

    private readonly long _started = System.GetTimestamp();
    private int _timers;

    /// <summary>How often somebody has waited.</summary>
    public int Timers => _timers;

    public override DateTimeOffset GetUtcNow() => Plugin.Now + (System.GetElapsedTime(_started) * Pace);

    public override long GetTimestamp() => System.GetTimestamp() * Pace;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Interlocked.Increment(ref _timers);
        return System.CreateTimer(callback, state, Hastened(dueTime), Hastened(period));
    }

    private static TimeSpan Hastened(TimeSpan time) => time == Timeout.InfiniteTimeSpan ? time : time / Pace;
}
