using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace JitFunctions.Functions.Tests.Platform.SignIn;

/// <summary>
/// An issuer on loopback that changes its keys, counts who asks for them, fails and hangs when told to.
/// </summary>
internal sealed class TestIssuer : IAsyncDisposable
{
    private readonly WebApplication _site;
    private ECDsaSecurityKey _key = NewKey();
    private int _timesAsked;

    private TestIssuer(WebApplication site) => _site = site;

    public Uri Authority => new(_site.Urls.Single());

    public int TimesAsked => Volatile.Read(ref _timesAsked);

    public bool Fails { get; set; }

    public bool Hangs { get; set; }

    /// <summary>What its discovery document says its name is; the truth unless set.</summary>
    public string? Name { get; set; }

    public string PublicKey => _key.ECDsa.ExportSubjectPublicKeyInfoPem();

    public static async Task<TestIssuer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var site = builder.Build();
        var issuer = new TestIssuer(site);
        site.MapGet("/.well-known/openid-configuration", (Delegate)issuer.DiscoverAsync);
        site.MapGet("/keys", issuer.Keys);
        await site.StartAsync();
        return issuer;
    }

    public void Rotate() => _key = NewKey();

    /// <param name="claims">Claims to replace or add; a null removes the claim.</param>
    public string Token(DateTimeOffset now, params (string Name, object? Value)[] claims) =>
        Sign(new SigningCredentials(_key, SecurityAlgorithms.EcdsaSha256), now, claims);

    public string Sign(SigningCredentials? with, DateTimeOffset now, params (string Name, object? Value)[] claims)
    {
        var all = new Dictionary<string, object?>
        {
            ["iss"] = Authority.OriginalString,
            ["aud"] = "jit",
            ["sub"] = "00-alice",
            ["preferred_username"] = "alice@example.com",
            ["groups"] = new[] { "devs", "on-call" },
            ["exp"] = now.AddHours(3).ToUnixTimeSeconds(),
        };
        foreach (var (name, value) in claims)
            all[name] = value;
        var token = new SecurityTokenDescriptor
        {
            Claims = all.Where(claim => claim.Value is not null)
                .ToDictionary(claim => claim.Key, claim => claim.Value!),
            SigningCredentials = with,
        };
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(token);
    }

    /// <param name="more">More members, each with a comma before it.</param>
    public string HeaderText(string more = "") => $$"""{"alg":"ES256","kid":"{{_key.KeyId}}"{{more}}}""";

    /// <summary>A token with exactly this header and, encoded already, these claims.</summary>
    public string SignText(string header, string claims)
    {
        var content = $"{Base64UrlEncoder.Encode(header)}.{claims}";
        var signature = _key.ECDsa.SignData(Encoding.ASCII.GetBytes(content), HashAlgorithmName.SHA256);
        return $"{content}.{Base64UrlEncoder.Encode(signature)}";
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    public static ECDsaSecurityKey NewKey() =>
        new(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = Guid.NewGuid().ToString("N") };

    private async Task<IResult> DiscoverAsync(HttpContext http)
    {
        Interlocked.Increment(ref _timesAsked);
        if (Hangs)
            await Task.Delay(Timeout.Infinite, http.RequestAborted);
        return Fails
            ? Results.StatusCode(500)
            : Results.Json(new { issuer = Name ?? Authority.OriginalString, jwks_uri = new Uri(Authority, "keys") });
    }

    private IResult Keys()
    {
        var point = _key.ECDsa.ExportParameters(includePrivateParameters: false).Q;
        var key = new
        {
            kty = "EC",
            use = "sig",
            crv = "P-256",
            kid = _key.KeyId,
            x = Base64UrlEncoder.Encode(point.X),
            y = Base64UrlEncoder.Encode(point.Y),
        };
        return Results.Json(new { keys = new[] { key } });
    }
}
