using k8s.Autorest;

namespace JitFunctions.Benchmarks;

/// <summary>
/// The durations of one repeated thing, and what failed instead of giving one. May be filled by many at once.
/// </summary>
internal sealed class Durations(string what)
{
    private readonly List<TimeSpan> _times = [];
    private readonly List<string> _failures = [];
    private readonly Lock _lock = new();

    public string What => what;

    public int Count => _times.Count;

    public IReadOnlyList<string> Failures => _failures;

    public void Add(TimeSpan time)
    {
        lock (_lock)
            _times.Add(time);
    }

    public void Fail(string why)
    {
        lock (_lock)
            _failures.Add(why);
    }

    /// <summary>Adds what is measured; a refused or overdue call counts as a failure and the run goes on.</summary>
    /// <returns>Whether there was something to add.</returns>
    public async Task<bool> MeasureAsync(Func<Task<TimeSpan>> measure)
    {
        try
        {
            Add(await measure());
            return true;
        }
        catch (Exception failure) when (failure is HttpRequestException or HttpOperationException or TimeoutException)
        {
            Fail($"{what}: {failure.Message}");
            return false;
        }
    }

    /// <summary>
    /// The smallest duration that at least this share of all are not above (nearest rank); null of nothing.
    /// </summary>
    public TimeSpan? Quantile(double share)
    {
        if (_times.Count == 0)
            return null;
        var rank = (int)Math.Ceiling(share * _times.Count);
        return _times.Order().ElementAt(Math.Max(rank, 1) - 1);
    }
}
