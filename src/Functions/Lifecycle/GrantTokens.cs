using System.Collections.Concurrent;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Scopes;
using JitFunctions.Functions.Clusters;

namespace JitFunctions.Functions.Lifecycle;

/// <summary>
/// The tokens of grants that this node has requested and that stay valid for some time. They are kept in memory only.
/// </summary>
public sealed class GrantTokens(TimeProvider clock)
{
    // A requester needs some time to use a token, even where the API server's clock is ahead.
    private static readonly TimeSpan LeastLeft = TimeSpan.FromMinutes(2);

    private readonly ConcurrentDictionary<string, BoundToken> _kept = [];
    private readonly ConcurrentDictionary<string, Lazy<Task<(BoundToken?, Rejection?)>>> _underWay = [];

    /// <returns>Null when no token is valid until the end of the grant or for long enough.</returns>
    internal BoundToken? Find(AccessRequest request) =>
        _kept.TryGetValue(request.Id, out var token)
        && (token.EndsAt >= request.ExpiresAt || token.EndsAt - clock.GetUtcNow() >= LeastLeft)
            ? token
            : null;

    internal void Keep(string id, BoundToken token)
    {
        _kept[id] = token;
        foreach (var (other, old) in _kept)
        {
            if (old.EndsAt <= clock.GetUtcNow())
                _kept.TryRemove(KeyValuePair.Create(other, old));
        }
    }

    /// <summary>
    /// Requests a token, once for all calls that ask while the request is running: they are for the same account.
    /// </summary>
    internal async Task<(BoundToken? Token, Rejection? Why)> IssueAsync(
        string id,
        Func<Task<(BoundToken? Token, Rejection? Why)>> issue,
        CancellationToken cancellation
    )
    {
        var shared = _underWay.GetOrAdd(id, _ => new(() => Task.Run(RunAsync, CancellationToken.None)));
        return await shared.Value.WaitAsync(cancellation);

        async Task<(BoundToken?, Rejection?)> RunAsync()
        {
            try
            {
                return await issue();
            }
            finally
            {
                _underWay.TryRemove(id, out _);
            }
        }
    }
}
