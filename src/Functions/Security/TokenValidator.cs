using JitFunctions.Domain.Identity;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace JitFunctions.Functions.Security;

/// <summary>The issuer's keys could not be read, so no token can be judged: neither good nor bad.</summary>
public sealed class IssuerUnavailableException(Exception inner) : Exception("The token issuer does not answer.", inner);

/// <summary>Checks a bearer token against the issuer's published keys and says who it is.</summary>
public sealed class TokenValidator(IOptions<AuthenticationOptions> options, TimeProvider clock)
{
    // Asymmetric only: with a shared secret whoever can check a token can also make one.
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    private readonly AuthenticationOptions _options = options.Value;
    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false };
    private readonly ConfigurationManager<OpenIdConnectConfiguration> _issuer = new(
        $"{options.Value.Authority.ToString().TrimEnd('/')}/.well-known/openid-configuration",
        new OpenIdConnectConfigurationRetriever(),
        new HttpDocumentRetriever { RequireHttps = options.Value.RequireHttps });

    /// <returns>The person and groups, or null and why not; the reason holds nothing of the token.</returns>
    /// <exception cref="IssuerUnavailableException" />
    public async Task<(Caller? Caller, string? Refusal)> ValidateAsync(string token, CancellationToken cancellation)
    {
        var result = await ValidateWithCurrentKeysAsync(token, cancellation);
        if (result.Exception is SecurityTokenSignatureKeyNotFoundException)
        {
            // The issuer may have begun to sign with a new key.
            _issuer.RequestRefresh();
            result = await ValidateWithCurrentKeysAsync(token, cancellation);
        }

        return result.IsValid ? Identify((JsonWebToken)result.SecurityToken) : (null, Explain(result.Exception));
    }

    private async Task<TokenValidationResult> ValidateWithCurrentKeysAsync(string token, CancellationToken cancellation)
    {
        OpenIdConnectConfiguration issuer;
        try
        {
            issuer = await _issuer.GetConfigurationAsync(cancellation);
        }
        catch (InvalidOperationException e)
        {
            throw new IssuerUnavailableException(e);
        }

        return await _handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = issuer.Issuer,
            ValidAudience = _options.Audience,
            IssuerSigningKeys = issuer.SigningKeys,
            ValidAlgorithms = Algorithms,
            ClockSkew = ClockSkew,
            LifetimeValidator = IsWithinLifetime,
        });
    }

    // The library's own check reads the machine's clock.
    private bool IsWithinLifetime(DateTime? notBefore, DateTime? expires, SecurityToken token, TokenValidationParameters parameters)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return expires is { } end && now < end + ClockSkew && (notBefore is not { } start || now >= start - ClockSkew);
    }

    private (Caller?, string?) Identify(JsonWebToken token)
    {
        if (token.Subject is not { Length: > 0 } subject)
            return (null, "The token has no subject.");
        if (!token.TryGetPayloadValue<string>(_options.UsernameClaim, out var username) || string.IsNullOrWhiteSpace(username))
            return (null, $"The token has no claim '{_options.UsernameClaim}'.");
        if (username.StartsWith("system:", StringComparison.OrdinalIgnoreCase))
            return (null, "User names that begin with 'system:' belong to Kubernetes itself.");

        var groups = token.Claims.Where(claim => claim.Type == _options.GroupsClaim).Select(claim => claim.Value).Distinct().ToList();
        return (new(new($"{token.Issuer}#{subject}", username), groups), null);
    }

    private static string Explain(Exception? why) => why switch
    {
        SecurityTokenExpiredException or SecurityTokenInvalidLifetimeException => "The token has expired, or is not valid yet. Sign in again.",
        SecurityTokenInvalidAudienceException => "The token is meant for another audience.",
        SecurityTokenInvalidIssuerException => "The token comes from another issuer.",
        SecurityTokenSignatureKeyNotFoundException or SecurityTokenInvalidSignatureException or SecurityTokenInvalidAlgorithmException =>
            "The token's signature is not one of the issuer's.",
        _ => "The token is not a valid JSON Web Token.",
    };
}
