using System.Collections.Concurrent;
using JitFunctions.Domain.Record;

namespace JitFunctions.Functions.Http;

/// <summary>
/// The readings that this node recorded a short time ago. Pages, polls and a live tail of one reader with the same
/// filters are one reading: otherwise each page of a replay would add an event to what is replayed.
/// </summary>
/// <param name="interval">How long a recorded reading stands for further ones.</param>
public sealed class RecentReadings(TimeSpan interval, TimeProvider clock)
{
    /// <summary>Above this number, those that are too old are forgotten.</summary>
    private const int Many = 1000;

    private readonly ConcurrentDictionary<
        (string Subject, string Call, string? Request, string? Query),
        (long Noted, long From)
    > _noted = [];

    /// <summary>
    /// Whether a recorded reading stands for this one too: it has the same filters, and began no later.
    /// </summary>
    public bool Cover(RecordEvent.Read reading) =>
        _noted.TryGetValue(KeyOf(reading), out var recent)
        && IsRecent(recent.Noted)
        && recent.From <= (reading.From ?? 0);

    /// <summary>Called when the reading is stored.</summary>
    public void Note(RecordEvent.Read reading)
    {
        _noted[KeyOf(reading)] = (clock.GetTimestamp(), reading.From ?? 0);
        if (_noted.Count <= Many)
            return;
        foreach (var (key, recent) in _noted)
        {
            if (!IsRecent(recent.Noted))
                _noted.TryRemove(key, out _);
        }
    }

    private bool IsRecent(long noted) => clock.GetElapsedTime(noted) < interval;

    private static (string Subject, string Call, string? Request, string? Query) KeyOf(RecordEvent.Read reading) =>
        (reading.By.Subject, reading.Call, reading.Request, reading.Query);
}
