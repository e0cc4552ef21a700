using System.Diagnostics;

namespace JitFunctions.Benchmarks;

/// <summary>
/// How often per second something can be done by a fixed number of clients, each of which does one after the other.
/// </summary>
internal sealed class Throughput(string what)
{
    private readonly List<double> _perSecond = [];
    private int _done;
    private TimeSpan _elapsed;

    public string What => what;

    public int Count => _done;

    public double PerSecond => _done / _elapsed.TotalSeconds;

    public double Slowest => _perSecond.Min();

    public double Fastest => _perSecond.Max();

    /// <param name="work">Gets the number of its client; returns whether it succeeded. Only successes count.</param>
    public async Task MeasureRoundAsync(int count, int clients, Func<int, Task<bool>> work)
    {
        var left = count;
        var done = 0;
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(
            Enumerable
                .Range(0, clients)
                .Select(client =>
                    Task.Run(async () =>
                    {
                        while (Interlocked.Decrement(ref left) >= 0)
                            if (await work(client))
                                Interlocked.Increment(ref done);
                    })
                )
        );
        var elapsed = watch.Elapsed;
        _perSecond.Add(done / elapsed.TotalSeconds);
        _done += done;
        _elapsed += elapsed;
    }
}
