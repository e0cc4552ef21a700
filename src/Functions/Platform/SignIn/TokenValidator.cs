using System.Text.Json;
using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace JitFunctions.Functions.Platform.SignIn;

/// <summary>Validates a bearer token against the issuer's published keys and returns the person.</summary>
public sealed class TokenValidator(AuthenticationOptions options, IssuerKeys issuer, TimeProvider clock)
{
    // Only asymmetric algorithms: with a shared secret, whoever can validate a token can also create one.
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256,
        SecurityAlgorithms.RsaSha384,
        SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256,
        SecurityAlgorithms.RsaSsaPssSha384,
        SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256,
        SecurityAlgorithms.EcdsaSha384,
        SecurityAlgorithms.EcdsaSha512,
    ];

    private const string NotAToken = "The token is not a valid JSON Web Token.";
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false };

    /// <returns>The person, or null and the reason, which contains nothing from the token.</returns>
    /// <exception cref="IssuerUnavailableException" />
    public async Task<(SignedInPerson? Person, string? Refusal)> ValidateAsync(
        string token,
        CancellationToken cancellation
    )
    {
        if (!_handler.CanReadToken(token))
            return (null, NotAToken);

        var keys = await issuer.GetAsync(cancellation);
        var result = await ValidateAsync(token, keys);
        if (result.Exception is SecurityTokenSignatureKeyNotFoundException)
        {
            // The issuer may have started to sign with a new key.
            var newer = await issuer.GetNewerAsync(keys, cancellation);
            if (newer != keys)
                result = await ValidateAsync(token, newer);
        }

        return result.IsValid ? Identify((JsonWebToken)result.SecurityToken) : (null, Explain(result.Exception));
    }

    private Task<TokenValidationResult> ValidateAsync(string token, OpenIdConnectConfiguration keys) =>
        _handler.ValidateTokenAsync(
            token,
            new TokenValidationParameters
            {
                ValidIssuer = keys.Issuer,
                ValidAudience = options.Audience,
                IssuerSigningKeys = keys.SigningKeys,
                ValidAlgorithms = Algorithms,
                ClockSkew = ClockSkew,
                LifetimeValidator = IsWithinLifetime,
            }
        );

    // The library's own check reads the machine's clock.
    private bool IsWithinLifetime(
        DateTime? notBefore,
        DateTime? expires,
        SecurityToken token,
        TokenValidationParameters parameters
    )
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return expires is { } end && now - ClockSkew < end && (notBefore is not { } start || now + ClockSkew >= start);
    }

    private (SignedInPerson?, string?) Identify(JsonWebToken token)
    {
        if (
            TokenClaims.Read(token.EncodedHeader) is not { } header
            || TokenClaims.Read(token.EncodedPayload) is not { } claims
        )
            return (null, NotAToken);
        if (TokenClaims.WhyNotHeader(header, options.TokenType) is { } problem)
            return (null, problem);
        if (TokenClaims.Text(claims, "sub") is not { Length: > 0 } subject)
            return (null, "The token has no subject.");
        if (!PlainText.IsLine(subject))
            return (null, "The token's subject holds control characters or invisible ones.");
        if (TokenClaims.Text(claims, options.UsernameClaim) is not { } username || string.IsNullOrWhiteSpace(username))
            return (null, $"The token has no claim '{options.UsernameClaim}' that is a text.");
        if (TokenClaims.WhyNotUsername(username) is { } why)
            return (null, why);
        // As the API server does: anybody can claim an address that was not verified.
        if (options.UsernameClaim == "email" && IsUnverified(claims))
            return (null, "The token's e-mail address is not verified.");
        if (!TokenClaims.TryReadGroups(claims, options.GroupsClaim, options.RequireGroups, out var groups))
            return (null, $"The token's claim '{options.GroupsClaim}' is neither a name nor a list of names.");
        return (new(new($"{token.Issuer}#{subject}", username), groups, IssuedAt(token), token.ValidTo), null);
    }

    private static bool IsUnverified(JsonElement claims) =>
        claims.TryGetProperty("email_verified", out var verified)
        && verified.ValueKind is not JsonValueKind.True
        && TokenClaims.Text(claims, "email_verified") is not ("true" or "True");

    private static DateTimeOffset? IssuedAt(JsonWebToken token) =>
        token.IssuedAt == DateTime.MinValue ? null : token.IssuedAt;

    private static string Explain(Exception? why) =>
        why switch
        {
            SecurityTokenExpiredException or SecurityTokenInvalidLifetimeException =>
                "The token has expired, or is not valid yet. Sign in again.",
            SecurityTokenInvalidAudienceException => "The token is meant for another audience.",
            SecurityTokenInvalidIssuerException => "The token comes from another issuer.",
            SecurityTokenSignatureKeyNotFoundException
            or SecurityTokenInvalidSignatureException
            or SecurityTokenInvalidAlgorithmException => "The token's signature is not one of the issuer's.",
            _ => NotAToken,
        };
}
