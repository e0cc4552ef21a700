using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Azure.Core;
using Azure.Identity;

namespace JitFunctions.Functions.Platform.AppIdentity;

/// <summary>
/// Goes on with a token that is still good while no new one can be had, and keeps nobody waiting for one meanwhile.
/// Azure.Identity has a token for good until five minutes before its end; from then on it asks again, and fails when it
/// gets no answer.
/// </summary>
public sealed class CachingCredential(TokenCredential inner, TimeProvider clock) : TokenCredential
{
    /// <summary>Azure.Identity renews no earlier, unless the answer says when.</summary>
    public static readonly TimeSpan RenewBefore = TimeSpan.FromMinutes(5);

    /// <summary>A token this near to its end might end on the way, or by the other side's clock.</summary>
    public static readonly TimeSpan Margin = TimeSpan.FromSeconds(10);

    /// <summary>Between two tries while the token at hand is good.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <summary>How long a caller waits when there is no token at hand.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long one try may last. Azure.Identity itself would go on for minutes, with ever longer pauses.
    /// </summary>
    public static readonly TimeSpan LongestTry = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, Held> _held = [];

    /// <exception cref="AuthenticationFailedException">No token is at hand that is good, and none can be
    /// had.</exception>
    public override async ValueTask<AccessToken> GetTokenAsync(
        TokenRequestContext requestContext,
        CancellationToken cancellationToken
    )
    {
        // Whoever brings claims was told that the token at hand will not do.
        if (
            requestContext.Claims is not null
            || requestContext.TenantId is not null
            || requestContext.Scopes is not [var scope]
        )
            return await inner.GetTokenAsync(requestContext, cancellationToken);

        var held = _held.GetOrAdd(scope, _ => new());
        var now = clock.GetUtcNow();
        if (held.Token is { Value: var token } && token.ExpiresOn - Margin > now)
        {
            if (now >= (token.RefreshOn ?? token.ExpiresOn - RenewBefore))
                held.RenewInBackground(() => FetchAsync(requestContext), now);
            return token;
        }

        try
        {
            return await held.RenewAsync(() => FetchAsync(requestContext))
                .WaitAsync(Patience, clock, cancellationToken);
        }
        catch (TimeoutException e)
        {
            throw InVain(e);
        }
    }

    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        Task.Run(() => GetTokenAsync(requestContext, cancellationToken).AsTask(), cancellationToken)
            .GetAwaiter()
            .GetResult();

    // Not with the caller's cancellation: others wait for the same answer.
    private async Task<AccessToken> FetchAsync(TokenRequestContext requestContext)
    {
        using var limit = new CancellationTokenSource(LongestTry, clock);
        try
        {
            // Not by its word alone: one that never came back would have everybody wait for it from then on.
            return await inner.GetTokenAsync(requestContext, limit.Token).AsTask().WaitAsync(limit.Token);
        }
        catch (OperationCanceledException e)
        {
            throw InVain(e);
        }
    }

    private static AuthenticationFailedException InVain(Exception e) =>
        new("The app's identity gets no token: its endpoint does not answer in time.", e);

    /// <summary>What is known of one scope: at most one question at a time.</summary>
    private sealed class Held
    {
        private readonly Lock _lock = new();
        private volatile StrongBox<AccessToken>? _token;
        private Task<AccessToken>? _asking;
        private DateTimeOffset _notBefore;

        public StrongBox<AccessToken>? Token => _token;

        public void RenewInBackground(Func<Task<AccessToken>> fetch, DateTimeOffset now)
        {
            lock (_lock)
            {
                if (now < _notBefore)
                    return;
                _notBefore = now + Pause;
            }

            // A failure is looked at by nobody until the token at hand has ended.
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
                return _asking ??= KeepAsync(fetch);
        }

        private async Task<AccessToken> KeepAsync(Func<Task<AccessToken>> fetch)
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
                    _asking = null;
            }
        }
    }
}
