using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace JitFunctions.LocalStack;

/// <summary>
/// Simulates the organisation's identity provider: OpenID Connect discovery, a key set, tokens for any person, and a
/// directory of the people who got one. It is not part of the product.
/// </summary>
public sealed class TokenIssuer : IAsyncDisposable
{
    public const string Audience = "jit";
    private static readonly TimeSpan DefaultLifetime = TimeSpan.FromHours(1);

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly string _keyId = RandomNumberGenerator.GetHexString(16, lowercase: true);
    private readonly TimeProvider _clock;
    private WebApplication? _site;

    private TokenIssuer(TimeProvider clock, UserDirectory directory) => (_clock, Directory) = (clock, directory);

    public Uri Authority { get; } = new($"http://127.0.0.1:{FreePort.Next()}");

    /// <summary>The directory runs on its own site, so that issuer and directory can fail independently.</summary>
    public UserDirectory Directory { get; }

    public static async Task<TokenIssuer> StartAsync(
        TimeProvider? clock = null,
        CancellationToken cancellation = default
    )
    {
        clock ??= TimeProvider.System;
        var issuer = new TokenIssuer(clock, await UserDirectory.StartAsync(clock, cancellation));
        await issuer.StartAgainAsync(cancellation);
        return issuer;
    }

    /// <summary>Simulates an outage of discovery and keys. Tokens can still be issued.</summary>
    public async Task StopAsync()
    {
        if (_site is not null)
            await _site.DisposeAsync();
        _site = null;
    }

    /// <summary>Ends the outage, with the same address and keys. Does nothing while the issuer runs.</summary>
    public async Task StartAgainAsync(CancellationToken cancellation = default)
    {
        if (_site is not null)
            return;
        _site = BuildSite();
        await _site.StartAsync(cancellation);
    }

    /// <summary>
    /// Issues a token. The first token of a person adds them to the directory, with the groups in the token.
    /// </summary>
    /// <param name="lifetime">One hour by default. A negative value gives an expired token.</param>
    /// <param name="overrides">Claims to replace or add; a null removes the claim.</param>
    public string IssueToken(
        Person person,
        TimeSpan? lifetime = null,
        IReadOnlyDictionary<string, object?>? overrides = null
    )
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
        foreach (var (name, value) in overrides ?? new Dictionary<string, object?>())
            claims[name] = value;
        if (claims["preferred_username"] is string userName && claims["groups"] is IEnumerable<string> groups)
            Directory.Meet(userName, [.. groups]);

        var token = new SecurityTokenDescriptor
        {
            Claims = claims
                .Where(claim => claim.Value is not null)
                .ToDictionary(claim => claim.Key, claim => claim.Value!),
            SigningCredentials = new SigningCredentials(
                new ECDsaSecurityKey(_key) { KeyId = _keyId },
                SecurityAlgorithms.EcdsaSha256
            ),
        };
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(token);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await Directory.DisposeAsync();
        _key.Dispose();
    }

    private WebApplication BuildSite()
    {
        var site = LoopbackSite.Build(Authority);
        site.MapGet("/.well-known/openid-configuration", () => Results.Json(Discovery()));
        site.MapGet("/keys", () => Results.Json(KeySet()));
        return site;
    }

    private object Discovery() =>
        new
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
        var key = new
        {
            kty = "EC",
            use = "sig",
            alg = "ES256",
            crv = "P-256",
            kid = _keyId,
            x = Base64UrlEncoder.Encode(point.X),
            y = Base64UrlEncoder.Encode(point.Y),
        };
        return new { keys = new[] { key } };
    }
}
