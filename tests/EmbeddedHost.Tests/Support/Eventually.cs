namespace JitFunctions.EmbeddedHost.Tests.Support;

internal static class Eventually
{
    // Generous: it is reached only by a failure, and test machines can be very busy.
    public static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);

    /// <summary>Waits for a condition instead of for a time.</summary>
    public static async Task HoldsAsync(Func<Task<bool>> condition, string what, LogLines? log = null)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Deadline);
        try
        {
            while (!await condition())
                await Task.Delay(TimeSpan.FromMilliseconds(20), limit.Token);
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            Assert.Fail($"After {Deadline.TotalSeconds:0} s still not: {what}{(log is null ? "" : $"\n{log.Tail}")}");
        }
    }

    public static Task HoldsAsync(Func<bool> condition, string what, LogLines? log = null) =>
        HoldsAsync(() => Task.FromResult(condition()), what, log);
}
