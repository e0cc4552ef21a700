using System.Diagnostics;

namespace JitFunctions.EndToEnd.Tests;

/// <summary>Waits for a condition instead of a time.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    // Reached only by a failure, and test machines can be very busy.
    private static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(3);

    public static async Task<T> Async<T>(
        Func<Task<T>> look,
        Func<T, bool> holds,
        string what,
        TimeSpan? timeLimit = null
    )
    {
        var limit = timeLimit ?? TimeLimit;
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var seen = await look();
            if (holds(seen))
                return seen;
            if (watch.Elapsed > limit)
                Assert.Fail($"After {limit.TotalSeconds} s this is still not so: {what}. Last seen: {Show(seen)}");
            await Task.Delay(Pause, TestContext.Current.CancellationToken);
        }
    }

    public static Task Async(Func<Task<bool>> look, string what) => Async(look, holds => holds, what);

    /// <summary>Until this machine's clock, by which everything here runs, shows at least this time.</summary>
    public static async Task IsAsync(DateTimeOffset time)
    {
        var left = time - TimeProvider.System.GetUtcNow();
        if (left > TimeSpan.Zero)
            await Task.Delay(left, TestContext.Current.CancellationToken);
    }

    private static string? Show<T>(T seen) =>
        seen is System.Collections.IEnumerable many and not string and not System.Text.Json.Nodes.JsonNode
            ? string.Join("\n", many.Cast<object?>())
            : seen?.ToString();
}
