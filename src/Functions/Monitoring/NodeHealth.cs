using System.Collections.Concurrent;
using JitFunctions.Functions.Platform;

namespace JitFunctions.Functions.Monitoring;

/// <summary>
/// What this node has observed, in memory. Gauges and health checks read it, so that neither queries the database.
/// Another node may have newer observations.
/// </summary>
public sealed class NodeHealth(TimeProvider clock)
{
    /// <summary>The schedules on which the end of grants depends.</summary>
    public static readonly IReadOnlyList<string> Schedules = FunctionAttributes.NamesWith<WatchedScheduleAttribute>();

    /// <summary>
    /// How long an observation is used. Older ones could report a failure that another node has corrected long ago.
    /// </summary>
    public static readonly TimeSpan GoodFor = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _finished = [];
    private readonly ConcurrentDictionary<string, Observation<bool>> _schedules = [];
    private readonly ConcurrentDictionary<string, Observation<bool>> _clusters = [];
    private volatile Observation<Backlog>? _backlog;
    private volatile Observation<TimeSpan>? _oldestNotice;
    private volatile Observation<bool>? _log;
    private DateTimeOffset? _waitingSince;

    /// <summary>Null when this node has not observed it lately.</summary>
    public Backlog? Backlog
    {
        get => Fresh(_backlog) is { } observation ? observation.Value : null;
        set => _backlog = new(value!, clock.GetUtcNow());
    }

    /// <summary>
    /// The age of the oldest notice that no receiver has accepted; zero when there is none. Null when this node has not
    /// observed it lately.
    /// </summary>
    public TimeSpan? OldestNotice
    {
        get => Fresh(_oldestNotice)?.Value;
        set => _oldestNotice = new(value!.Value, clock.GetUtcNow());
    }

    /// <summary>
    /// Null when no schedule failed here lately, but not all have finished here lately: another node may run them, or
    /// none does.
    /// </summary>
    public bool? AllSchedulesWork => All(Schedules.Select(schedule => Fresh(_schedules.GetValueOrDefault(schedule))));

    /// <summary>Null when this node has not called all of them lately.</summary>
    public bool? AllClustersAnswer => _clusters.IsEmpty ? null : All(_clusters.Values.Select(Fresh));

    /// <summary>
    /// False when the transparency log could not go on here: it was changed, or a key or an archive does not answer.
    /// Null when this node has not appended to it lately.
    /// </summary>
    public bool? LogWorks => Fresh(_log)?.Value;

    /// <summary>
    /// How long the oldest event waits that is not in the log; zero when there is none. Null when this node has not
    /// looked lately.
    /// </summary>
    public TimeSpan? LogBehind =>
        Fresh(_log) is null ? null
        : _waitingSince is { } since && clock.GetUtcNow() - since is { Ticks: > 0 } age ? age
        : TimeSpan.Zero;

    /// <param name="works">Null when another node appends to the log, which may work or not.</param>
    /// <param name="waitingSince">When the oldest event was stored that is not in the log; null when all are.</param>
    public void LogRan(bool? works, DateTimeOffset? waitingSince)
    {
        var now = clock.GetUtcNow();
        // While nothing can be read, the oldest one that waits is at least as old as the failure.
        _waitingSince = works is false ? _waitingSince ?? now : waitingSince;
        if (works is { } known)
            _log = new(known, now);
    }

    public void ScheduleFinished(string schedule)
    {
        var now = clock.GetUtcNow();
        _finished[schedule] = now;
        _schedules[schedule] = new(true, now);
    }

    public void ScheduleFailed(string schedule) => _schedules[schedule] = new(false, clock.GetUtcNow());

    public void ClusterAnswered(string cluster, bool answers) => _clusters[cluster] = new(answers, clock.GetUtcNow());

    /// <summary>
    /// How long ago the schedule last finished here. Null before the first time: a node that restarts again and again
    /// would report its own age, which is never high.
    /// </summary>
    public TimeSpan? SinceLastRun(string schedule) =>
        _finished.TryGetValue(schedule, out var finished) ? clock.GetUtcNow() - finished : null;

    private static bool? All(IEnumerable<Observation<bool>?> observations) =>
        observations.ToList() switch
        {
            var all when all.Any(one => one is { Value: false }) => false,
            var all when all.Contains(null) => null,
            _ => true,
        };

    private Observation<T>? Fresh<T>(Observation<T>? observation) =>
        observation is not null && clock.GetUtcNow() - observation.At < GoodFor ? observation : null;

    private sealed record Observation<T>(T Value, DateTimeOffset At);
}
