using System.Collections.Concurrent;
using JitFunctions.Functions.Schedules;

namespace JitFunctions.Functions.Telemetry;

/// <summary>
/// What this node has seen, in memory: gauges and health answer from it, so that neither asks the database. Another node may have
/// seen something newer.
/// </summary>
public sealed class Observations(TimeProvider clock)
{
    /// <summary>Those that the end of grants depends on.</summary>
    public static readonly IReadOnlyList<string> Schedules =
        [nameof(ReconcileClusters), nameof(ReconcileOwedReviews), nameof(ReconcilePolicies), nameof(ReconcileRequests)];

    /// <summary>How long a look at the event store counts. Older ones would go on telling of what another node has long mended.</summary>
    public static readonly TimeSpan GoodFor = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, (DateTimeOffset Finished, bool Failed)> _schedules = [];
    private readonly ConcurrentDictionary<string, bool> _clusters = [];
    private readonly DateTimeOffset _since = clock.GetUtcNow();
    private volatile Seen<Backlog>? _backlog;
    private volatile Seen<TimeSpan>? _oldestNotice;

    /// <summary>Null when this node has not looked lately.</summary>
    public Backlog? Backlog
    {
        get => Fresh(_backlog) is { } seen ? seen.Value : null;
        set => _backlog = new(value!, clock.GetUtcNow());
    }

    /// <summary>For how long a notice has been owed that nobody has taken; zero when none is. Null when this node has not looked lately.</summary>
    public TimeSpan? OldestNotice
    {
        get => Fresh(_oldestNotice)?.Value;
        set => _oldestNotice = new(value!.Value, clock.GetUtcNow());
    }

    public bool AllSchedulesWork => Schedules.All(schedule => !_schedules.TryGetValue(schedule, out var run) || !run.Failed);

    public bool AllClustersAnswer => _clusters.Values.All(answers => answers);

    public void ScheduleFinished(string schedule) => _schedules[schedule] = (clock.GetUtcNow(), false);

    public void ScheduleFailed(string schedule) =>
        _schedules.AddOrUpdate(schedule, _ => (_since, true), (_, earlier) => earlier with { Failed = true });

    public void ClusterAnswered(string cluster, bool answers) => _clusters[cluster] = answers;

    /// <summary>How long ago it last finished here; before that, how long this node has been up.</summary>
    public TimeSpan SinceLastRun(string schedule) =>
        clock.GetUtcNow() - (_schedules.TryGetValue(schedule, out var run) ? run.Finished : _since);

    private Seen<T>? Fresh<T>(Seen<T>? seen) => seen is not null && clock.GetUtcNow() - seen.At < GoodFor ? seen : null;

    private sealed record Seen<T>(T Value, DateTimeOffset At);
}
