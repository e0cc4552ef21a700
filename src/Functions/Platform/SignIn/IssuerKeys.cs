using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace JitFunctions.Functions.Platform.SignIn;

/// <summary>The issuer's keys could not be read, so no token can be validated.</summary>
public sealed class IssuerUnavailableException(Exception inner) : Exception("The token issuer does not answer.", inner);

/// <summary>
/// The issuer's discovery document and keys: read at the first token, again when they are old, and when a token names a
/// key that is not among them. The library's ConfigurationManager refreshes only in the background, so it would refuse
/// the first tokens of a new key, and later ones until its refresh interval has passed.
/// </summary>
public sealed class IssuerKeys(AuthenticationOptions options, TimeProvider clock, ILogger<IssuerKeys> log) : IDisposable
{
    /// <summary>
    /// The shortest time between two requests to the issuer, however many tokens name unknown keys and however often
    /// the issuer fails.
    /// </summary>
    public static readonly TimeSpan LeastPause = TimeSpan.FromSeconds(5);

    /// <summary>How long a key that the issuer withdraws may still be accepted.</summary>
    public static readonly TimeSpan GoodFor = TimeSpan.FromHours(1);

    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(5);
    private const int LargestDocument = 1024 * 1024;

    private readonly string _address = $"{options.Authority.ToString().TrimEnd('/')}/.well-known/openid-configuration";
    private readonly HttpClient _http = new(new SocketsHttpHandler { PooledConnectionLifetime = GoodFor })
    {
        Timeout = CallTimeout,
        MaxResponseContentBufferSize = LargestDocument,
    };

    private readonly SharedResult<OpenIdConnectConfiguration> _reading = new(LeastPause, clock);
    private volatile CachedConfiguration? _cached;

    /// <exception cref="IssuerUnavailableException">The keys were never read.</exception>
    public async Task<OpenIdConnectConfiguration> GetAsync(CancellationToken cancellation)
    {
        if (_cached is not { } cached)
            return await _reading.GetAsync(LoadAsync, cancellation);
        if (clock.GetElapsedTime(cached.ReadAt) >= GoodFor)
            // Nobody waits for this: while the issuer is unavailable, its last keys remain in use.
            _ = _reading.GetAsync(LoadAsync, CancellationToken.None);
        return cached.Configuration;
    }

    /// <summary>
    /// For a token whose key is not among the last ones. Within <see cref="LeastPause"/> the result may be the same
    /// keys.
    /// </summary>
    /// <exception cref="IssuerUnavailableException" />
    public async Task<OpenIdConnectConfiguration> GetNewerAsync(
        OpenIdConnectConfiguration last,
        CancellationToken cancellation
    ) =>
        _cached is { } cached && cached.Configuration != last
            ? cached.Configuration
            : await _reading.GetAsync(LoadAsync, cancellation);

    public void Dispose() => _http.Dispose();

    private async Task<OpenIdConnectConfiguration> LoadAsync()
    {
        try
        {
            var documents = new HttpDocumentRetriever(_http) { RequireHttps = options.RequireHttps };
            var configuration = await OpenIdConnectConfigurationRetriever.GetAsync(
                _address,
                documents,
                CancellationToken.None
            );
            if (string.IsNullOrEmpty(configuration.Issuer) || configuration.SigningKeys.Count == 0)
                throw new InvalidDataException($"{_address} gives no issuer or no keys.");
            _cached = new(configuration, clock.GetTimestamp());
            return configuration;
        }
        catch (Exception e)
        {
            log.LogWarning(e, "The keys of the token issuer cannot be read from {Address}", _address);
            throw new IssuerUnavailableException(e);
        }
    }

    private sealed record CachedConfiguration(OpenIdConnectConfiguration Configuration, long ReadAt);
}
