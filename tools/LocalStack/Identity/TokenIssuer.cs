using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace JitFunctions.LocalStack;

/// <summary>
/// Stands in for the organisation's identity provider: OpenID Connect discovery, a key set, and tokens for whom one likes.
/// Not a part of the product.
/// </summary>
public sealed class TokenIssuer : IAsyncDisposable
{
    public const string Audience = "jit";
    private static readonly TimeSpan DefaultLifetime = TimeSpan.FromHours(1);

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly string _keyId = RandomNumberGenerator.GetHexString(16, lowercase: true);
    private readonly TimeProvider _clock;
    private WebApplication? _site;

    private TokenIssuer(TimeProvider clock) => _clock = clock;

    public Uri Authority { get; } = new($"http://127.0.0.1:{FreePort.Next()}");

    public static async Task<TokenIssuer> StartAsync(TimeProvider? clock = null, CancellationToken cancellation = default)
    {
        var issuer = new TokenIssuer(clock ?? TimeProvider.System);
        await issuer.StartAgainAsync(cancellation);
        return issuer;
    }

    /// <summary>An outage of discovery and keys; tokens can still be issued.</summary>
    public async Task StopAsync()
    {
        if (_site is not null) await _site.DisposeAsync();
        _site = null;
    }

    /// <summary>The end of the outage: the same address and keys. Does nothing while it runs.</summary>
    public async Task StartAgainAsync(CancellationToken cancellation = default)
    {
        if (_site is not null) return;
        _site = BuildSite();
        await _site.StartAsync(cancellation);
    }

    /// <param name="lifetime">One hour unless told; a negative one gives a token that has expired.</param>
    /// <param name="overrides">Claims to replace or add; a null removes the claim.</param>
    public string IssueToken(Person person, TimeSpan? lifetime = null, IReadOnlyDictionary<string, object?>? overrides = null)
    {
        var now = _clock.GetUtcNow();
        var claims = new Dictionary<string, object?>
        {
            ["iss"] = Authority.OriginalString,
            ["aud"] = Audience,
            ["sub"] = person.Subject,
            ["preferred_username"] = person.UserName,
            ["groups"] = person.Groups,
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = (now + (lifetime ?? DefaultLifetime)).ToUnixTimeSeconds(),
        };
        foreach (var (name, value) in overrides ?? new Dictionary<string, object?>()) claims[name] = value;

        var token = new SecurityTokenDescriptor
        {
            Claims = claims.Where(claim => claim.Value is not null).ToDictionary(claim => claim.Key, claim => claim.Value!),
            SigningCredentials = new SigningCredentials(new ECDsaSecurityKey(_key) { KeyId = _keyId }, SecurityAlgorithms.EcdsaSha256),
        };
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(token);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _key.Dispose();
    }

    private WebApplication BuildSite()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(Authority.OriginalString);
        builder.Services.AddSingleton<IHostLifetime, Unattached>();
        var site = builder.Build();
        site.MapGet("/.well-known/openid-configuration", () => Results.Json(Discovery()));
        site.MapGet("/keys", () => Results.Json(KeySet()));
        return site;
    }

    private object Discovery() => new
    {
        issuer = Authority.OriginalString,
        jwks_uri = $"{Authority.OriginalString}/keys",
        authorization_endpoint = $"{Authority.OriginalString}/authorize",
        response_types_supported = new[] { "id_token" },
        subject_types_supported = new[] { "public" },
        id_token_signing_alg_values_supported = new[] { SecurityAlgorithms.EcdsaSha256 },
    };

    private object KeySet()
    {
        var point = _key.ExportParameters(includePrivateParameters: false).Q;
        var key = new { kty = "EC", use = "sig", alg = "ES256", crv = "P-256", kid = _keyId, x = Base64UrlEncoder.Encode(point.X), y = Base64UrlEncoder.Encode(point.Y) };
        return new { keys = new[] { key } };
    }

    // The default lifetime would take Ctrl-C for itself.
    private sealed class Unattached : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
