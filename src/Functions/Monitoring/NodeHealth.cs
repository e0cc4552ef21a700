using System.Collections.Concurrent;
using JitFunctions.Functions.Platform;

namespace JitFunctions.Functions.Monitoring;

/// <summary>
/// What this node has seen, in memory: gauges and health answer from it, so that neither asks the database. Another
/// node may have seen something newer.
/// </summary>
public sealed class NodeHealth(TimeProvider clock)
{
    /// <summary>Those that the end of grants depends on.</summary>
    public static readonly IReadOnlyList<string> Schedules = FunctionAttributes.NamesWith<WatchedScheduleAttribute>();

    /// <summary>
    /// How long a look at the event store counts. Older ones would go on telling of what another node has long mended.
    /// </summary>
    public static readonly TimeSpan GoodFor = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _finished = [];
    private readonly ConcurrentDictionary<string, Seen<bool>> _schedules = [];
    private readonly ConcurrentDictionary<string, Seen<bool>> _clusters = [];
    private volatile Seen<Backlog>? _backlog;
    private volatile Seen<TimeSpan>? _oldestNotice;

    /// <summary>Null when this node has not looked lately.</summary>
    public Backlog? Backlog
    {
        get => Fresh(_backlog) is { } seen ? seen.Value : null;
        set => _backlog = new(value!, clock.GetUtcNow());
    }

    /// <summary>
    /// For how long a notice has been owed that nobody has taken; zero when none is. Null when this node has not looked
    /// lately.
    /// </summary>
    public TimeSpan? OldestNotice
    {
        get => Fresh(_oldestNotice)?.Value;
        set => _oldestNotice = new(value!.Value, clock.GetUtcNow());
    }

    /// <summary>
    /// Null when none failed here lately, and not all have finished here lately: another node may run them, or nobody
    /// does.
    /// </summary>
    public bool? AllSchedulesWork => All(Schedules.Select(schedule => Fresh(_schedules.GetValueOrDefault(schedule))));

    /// <summary>Null when this node has not asked them all lately.</summary>
    public bool? AllClustersAnswer => _clusters.IsEmpty ? null : All(_clusters.Values.Select(Fresh));

    public void ScheduleFinished(string schedule)
    {
        var now = clock.GetUtcNow();
        _finished[schedule] = now;
        _schedules[schedule] = new(true, now);
    }

    public void ScheduleFailed(string schedule) => _schedules[schedule] = new(false, clock.GetUtcNow());

    public void ClusterAnswered(string cluster, bool answers) => _clusters[cluster] = new(answers, clock.GetUtcNow());

    /// <summary>
    /// How long ago it last finished here. Null before that: a node that starts over and over would tell of its own
    /// age, which is never high.
    /// </summary>
    public TimeSpan? SinceLastRun(string schedule) =>
        _finished.TryGetValue(schedule, out var finished) ? clock.GetUtcNow() - finished : null;

    private static bool? All(IEnumerable<Seen<bool>?> seen) =>
        seen.ToList() switch
        {
            var all when all.Any(one => one is { Value: false }) => false,
            var all when all.Contains(null) => null,
            _ => true,
        };

    private Seen<T>? Fresh<T>(Seen<T>? seen) => seen is not null && clock.GetUtcNow() - seen.At < GoodFor ? seen : null;

    private sealed record Seen<T>(T Value, DateTimeOffset At);
}
