using System.Collections.Concurrent;

namespace JitFunctions.HostApp;

/// <summary>
/// Tells an HTTP call, in this process, that its orchestration came to a certain point. The durable client's own way is
/// to poll, which would be measured too.
/// </summary>
public sealed class Arrivals
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<DateTime>> _expected = new();

    public static DateTime Now => TimeProvider.System.GetUtcNow().UtcDateTime;

    public Task<DateTime> Expect(string instance) =>
        _expected
            .GetOrAdd(
                instance,
                _ => new TaskCompletionSource<DateTime>(TaskCreationOptions.RunContinuationsAsynchronously)
            )
            .Task;

    public void Reach(string instance)
    {
        if (_expected.TryRemove(instance, out var expected))
            expected.SetResult(Now);
    }
}
