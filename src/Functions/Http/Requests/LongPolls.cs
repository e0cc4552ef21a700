using JitFunctions.Domain.Identity;
using JitFunctions.Projections;

namespace JitFunctions.Functions.Http.Requests;

/// <summary>
/// Calls that wait for a change of a request. Their number is limited, and one poll serves all of them.
/// </summary>
public sealed class LongPolls(ApiStore store, TimeProvider clock) : IDisposable
{
    /// <summary>The most waiting calls of one person, under all linked accounts, on one node.</summary>
    public const int MostPerPerson = 20;

    /// <summary>The most waiting calls on one node.</summary>
    public const int Most = 500;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly Lock _gate = new();
    private readonly HashSet<Waiter> _waiting = [];
    private readonly CancellationTokenSource _stopping = new();
    private bool _isPolling;

    /// <summary>Waits until the version of the request changes, or until the time is over.</summary>
    /// <param name="seen">The version that the caller knows.</param>
    /// <returns>Why the call may not wait; null when it has waited.</returns>
    public async Task<string?> WaitAsync(
        Caller caller,
        string id,
        long seen,
        TimeSpan longest,
        CancellationToken cancellation
    )
    {
        var waiter = new Waiter(caller, id, seen);
        lock (_gate)
        {
            if (_waiting.Count >= Most)
                return $"This node has {Most} calls that wait for a change. Try again soon, or ask without 'wait'.";
            if (_waiting.Count(other => other.IsBy(caller)) >= MostPerPerson)
                return $"You have {MostPerPerson} calls that wait for a change. End one, or ask without 'wait'.";
            _waiting.Add(waiter);
            if (!_isPolling)
            {
                _isPolling = true;
                // The poll serves all waiting calls, so it runs in the context of none of them.
                using (ExecutionContext.SuppressFlow())
                    _ = Task.Run(PollAsync, CancellationToken.None);
            }
        }

        try
        {
            await waiter.Changed.Task.WaitAsync(longest, clock, cancellation);
        }
        catch (TimeoutException)
        {
            // Nothing has changed, which the response says.
        }
        finally
        {
            lock (_gate)
                _waiting.Remove(waiter);
        }

        return null;
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _stopping.Dispose();
    }

    private async Task PollAsync()
    {
        while (true)
        {
            Waiter[] waiting;
            lock (_gate)
            {
                if (_waiting.Count == 0 || _stopping.IsCancellationRequested)
                {
                    _isPolling = false;
                    return;
                }

                waiting = [.. _waiting];
            }

            try
            {
                var versions = await store.Database.VersionsOf(
                    [.. waiting.Select(waiter => waiter.Id).Distinct()],
                    CancellationToken.None
                );
                foreach (
                    var waiter in waiting.Where(waiter =>
                        versions.TryGetValue(waiter.Id, out var version) && version != waiter.Seen
                    )
                )
                    waiter.Changed.TrySetResult();
            }
            catch (Exception e)
            {
                // Each of them reads again, and reports the error.
                foreach (var waiter in waiting)
                    waiter.Changed.TrySetException(e);
            }

            await Task.Delay(Pause, clock, CancellationToken.None);
        }
    }

    private sealed class Waiter(Caller caller, string id, long seen)
    {
        public string Id => id;

        public long Seen => seen;

        public TaskCompletionSource Changed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool IsBy(Caller other) => other.MayBeSamePersonAs(caller.Principal, caller.OtherAccounts);
    }
}
