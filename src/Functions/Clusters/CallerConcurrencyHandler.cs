using System.Threading.RateLimiting;

namespace JitFunctions.Functions.Clusters;

/// <summary>Too many calls to a cluster are already waiting.</summary>
public sealed class TooManyCallsException(string cluster)
    : Exception($"Too many calls to {cluster} are waiting. Try again soon.");

/// <summary>
/// Limits the concurrent calls of this node to a cluster on behalf of HTTP callers; further calls wait in the order of
/// arrival. API servers queue by user, and the app is one user: without this limit, a caller with very many calls would
/// make removals wait there.
/// </summary>
internal sealed class CallerConcurrencyHandler(string cluster) : DelegatingHandler
{
    public const int AtOnce = 16;

    /// <summary>The waiting calls are within the time limit of a call.</summary>
    public const int MostWaiting = 500;

    private readonly ConcurrencyLimiter _limiter = new(
        new()
        {
            PermitLimit = AtOnce,
            QueueLimit = MostWaiting,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        }
    );

    /// <exception cref="TooManyCallsException" />
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        using var permit = await _limiter.AcquireAsync(1, cancellationToken);
        return permit.IsAcquired
            ? await base.SendAsync(request, cancellationToken)
            : throw new TooManyCallsException(cluster);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _limiter.Dispose();
        base.Dispose(disposing);
    }
}
