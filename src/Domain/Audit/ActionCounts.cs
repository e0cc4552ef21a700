namespace JitFunctions.Domain.Audit;

/// <summary>How many events of one cluster and minute were not kept, by what happened.</summary>
/// <param name="Minute">The beginning of the minute, by the stage time of the events.</param>
public sealed record ActionCount(string Cluster, DateTimeOffset Minute, CountedAs As, long Events);

public enum CountedAs
{
    /// <summary>Reads that were allowed: get, list and watch.</summary>
    Read,

    /// <summary>Everything else that was allowed.</summary>
    Write,

    Refused,

    /// <summary>Nothing was decided: the call had no valid credential, was shed, or was not authorized yet.</summary>
    Undecided,
}

/// <summary>
/// Adds up what is not kept. Immutable. A repeat counts again: a source that repeats must be stored so that a batch
/// counts once.
/// </summary>
public sealed class ActionCounts
{
    public static readonly ActionCounts None = new([]);

    private readonly Dictionary<(string Cluster, DateTimeOffset Minute, CountedAs As), long> _counts;

    private ActionCounts(Dictionary<(string, DateTimeOffset, CountedAs), long> counts) => _counts = counts;

    public long Total => _counts.Values.Sum();

    public ActionCounts With(string cluster, IEnumerable<AuditEvent> events)
    {
        var counts = new Dictionary<(string, DateTimeOffset, CountedAs), long>(_counts);
        foreach (var action in events)
        {
            var at = action.StageAt.UtcDateTime;
            var minute = new DateTimeOffset(at.Ticks - at.Ticks % TimeSpan.TicksPerMinute, TimeSpan.Zero);
            var key = (cluster, minute, As(action));
            counts[key] = counts.GetValueOrDefault(key) + 1;
        }

        return new(counts);
    }

    /// <returns>In the order of cluster, minute and kind.</returns>
    public IReadOnlyList<ActionCount> All() =>
        [
            .. _counts
                .Select(one => new ActionCount(one.Key.Cluster, one.Key.Minute, one.Key.As, one.Value))
                .OrderBy(one => one.Cluster, StringComparer.Ordinal)
                .ThenBy(one => one.Minute)
                .ThenBy(one => one.As),
        ];

    private static CountedAs As(AuditEvent action) =>
        action switch
        {
            { IsRefused: true } => CountedAs.Refused,
            { IsAllowed: false } => CountedAs.Undecided,
            { Verb: "get" or "list" or "watch" } => CountedAs.Read,
            _ => CountedAs.Write,
        };
}
