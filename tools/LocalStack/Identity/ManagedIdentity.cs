using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace JitFunctions.LocalStack;

/// <summary>
/// Stands in for the token endpoint that App Service gives an app with a managed identity. Wire format:
/// https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference.
/// </summary>
public sealed class ManagedIdentity
{
    private const string Path = "/msi/token";
    private const string Version = "2019-08-01";
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private readonly string _token = RandomNumberGenerator.GetHexString(64, lowercase: true);
    private readonly TimeProvider _clock;

    internal ManagedIdentity(WebApplication site, Uri address, TimeProvider clock)
    {
        (_clock, Endpoint) = (clock, new Uri(address, Path));
        site.MapGet(Path, Token);
    }

    /// <summary>The app's IDENTITY_ENDPOINT.</summary>
    public Uri Endpoint { get; }

    /// <summary>The app's IDENTITY_HEADER, which keeps others from asking in its name.</summary>
    public string Header { get; } = Guid.NewGuid().ToString();

    /// <summary>Whether a call carries the token that the app gets here.</summary>
    internal bool Sent(HttpRequest call) => call.Headers.Authorization == $"Bearer {_token}";

    private IResult Token(HttpRequest call)
    {
        if (call.Headers["X-IDENTITY-HEADER"] != Header) return Results.StatusCode(StatusCodes.Status401Unauthorized);
        if (call.Query["api-version"] != Version || call.Query["resource"] is not [{ Length: > 0 } resource]) return Results.BadRequest();
        var expiry = (_clock.GetUtcNow() + Lifetime).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return Results.Json(new { access_token = _token, expires_on = expiry, resource, token_type = "Bearer" });
    }
}
