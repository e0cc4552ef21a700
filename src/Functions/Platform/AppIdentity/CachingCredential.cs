using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Azure.Core;
using Azure.Identity;

namespace JitFunctions.Functions.Platform.AppIdentity;

/// <summary>
/// Keeps using a valid token while no new one can be obtained, and makes nobody wait for a renewal meanwhile.
/// Azure.Identity uses a token until five minutes before its expiry; from then on it requests a new one, and fails when
/// it gets no answer.
/// </summary>
public sealed class CachingCredential(TokenCredential inner, TimeProvider clock) : TokenCredential
{
    /// <summary>Azure.Identity does not renew earlier, unless the token response says when.</summary>
    public static readonly TimeSpan RenewBefore = TimeSpan.FromMinutes(5);

    /// <summary>A token this close to its expiry might expire on the way, or by the other side's clock.</summary>
    public static readonly TimeSpan Margin = TimeSpan.FromSeconds(10);

    /// <summary>The pause between two tries while the cached token is valid.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <summary>How long a caller waits when there is no cached token.</summary>
    public static readonly TimeSpan CallTimeLimit = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long one try may last. Azure.Identity itself would retry for minutes, with growing pauses.
    /// </summary>
    public static readonly TimeSpan LongestTry = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, TokenCache> _caches = [];

    /// <exception cref="AuthenticationFailedException">
    /// There is no valid cached token, and no new one can be obtained.
    /// </exception>
    public override async ValueTask<AccessToken> GetTokenAsync(
        TokenRequestContext requestContext,
        CancellationToken cancellationToken
    )
    {
        // A caller that passes claims was told that the cached token is not sufficient.
        if (
            requestContext.Claims is not null
            || requestContext.TenantId is not null
            || requestContext.Scopes is not [var scope]
        )
            return await inner.GetTokenAsync(requestContext, cancellationToken);

        var cache = _caches.GetOrAdd(scope, _ => new());
        var now = clock.GetUtcNow();
        if (cache.Token is { Value: var token } && token.ExpiresOn - Margin > now)
        {
            if (now >= (token.RefreshOn ?? token.ExpiresOn - RenewBefore))
                cache.RenewInBackground(() => FetchAsync(requestContext), now);
            return token;
        }

        try
        {
            return await cache
                .RenewAsync(() => FetchAsync(requestContext))
                .WaitAsync(CallTimeLimit, clock, cancellationToken);
        }
        catch (TimeoutException e)
        {
            throw TimedOut(e);
        }
    }

    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        Task.Run(() => GetTokenAsync(requestContext, cancellationToken).AsTask(), cancellationToken)
            .GetAwaiter()
            .GetResult();

    // Without the cancellation of the caller: other callers wait for the same token.
    private async Task<AccessToken> FetchAsync(TokenRequestContext requestContext)
    {
        using var limit = new CancellationTokenSource(LongestTry, clock);
        try
        {
            // Cancellation alone is not enough: after a try that never returns, everybody would wait for it forever.
            return await inner.GetTokenAsync(requestContext, limit.Token).AsTask().WaitAsync(limit.Token);
        }
        catch (OperationCanceledException e)
        {
            throw TimedOut(e);
        }
    }

    private static AuthenticationFailedException TimedOut(Exception e) =>
        new("The app's identity gets no token: its endpoint does not answer in time.", e);

    /// <summary>The cached token of one scope, with at most one token request at a time.</summary>
    private sealed class TokenCache
    {
        private readonly Lock _lock = new();
        private volatile StrongBox<AccessToken>? _token;
        private Task<AccessToken>? _pending;
        private DateTimeOffset _notBefore;

        public StrongBox<AccessToken>? Token => _token;

        public void RenewInBackground(Func<Task<AccessToken>> fetch, DateTimeOffset now)
        {
            lock (_lock)
            {
                if (now < _notBefore || _pending is not null)
                    return;
                _notBefore = now + Pause;
            }

            // Nobody observes a failure until the cached token has expired.
            RenewAsync(fetch)
                .ContinueWith(
                    static failed => failed.Exception,
                    CancellationToken.None,
                    TaskContinuationOptions.OnlyOnFaulted,
                    TaskScheduler.Default
                );
        }

        public Task<AccessToken> RenewAsync(Func<Task<AccessToken>> fetch)
        {
            lock (_lock)
                return _pending ??= FetchAndCacheAsync(fetch);
        }

        private async Task<AccessToken> FetchAndCacheAsync(Func<Task<AccessToken>> fetch)
        {
            await Task.Yield();
            try
            {
                var token = await fetch();
                _token = new(token);
                return token;
            }
            finally
            {
                lock (_lock)
                    _pending = null;
            }
        }
    }
}
