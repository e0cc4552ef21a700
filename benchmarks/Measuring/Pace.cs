namespace JitFunctions.Benchmarks;

/// <summary>
/// Runs many overlapping things so that they begin one after the other at a fixed pace, however long each takes.
/// </summary>
internal static class Pace
{
    public static async Task RunAsync(
        int count,
        TimeSpan spacing,
        Func<int, Task> start,
        CancellationToken cancellation
    )
    {
        using var ticks = new PeriodicTimer(spacing);
        List<Task> running = [];
        for (var i = 0; i < count; i++)
        {
            await ticks.WaitForNextTickAsync(cancellation);
            running.Add(start(i));
        }

        await Task.WhenAll(running);
    }
}
