using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace JitFunctions.LocalStack;

/// <summary>
/// The address to which the API server sends its audit log: HTTPS, because it sends no credential over HTTP. Passes
/// deliveries on to the first node of the app. The API server needs the address before the app runs; until then it is
/// told to repeat.
/// </summary>
public sealed class AuditRelay : IAsyncDisposable
{
    private readonly X509Certificate2 _certificate = MakeCertificate();
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(10) };
    private readonly WebApplication _site;
    private volatile Uri? _target;

    private AuditRelay()
    {
        _site = LoopbackSite.Build(
            Address,
            kestrel =>
            {
                kestrel.Limits.MaxRequestBodySize = null;
                kestrel.ConfigureHttpsDefaults(https => https.ServerCertificate = _certificate);
            }
        );
        _site.MapPost(Address.AbsolutePath, PassOnAsync);
    }

    public Uri Address { get; } = new($"https://127.0.0.1:{FreePort.Next()}/api/clusters/demo/audit");

    /// <summary>The credential of the cluster.</summary>
    public string Token { get; } = RandomNumberGenerator.GetHexString(64, lowercase: true);

    /// <summary>The certificate authority as PEM.</summary>
    public string Authority => _certificate.ExportCertificatePem();

    /// <summary>The node that gets the deliveries; null for none.</summary>
    public Uri? Target
    {
        get => _target;
        set => _target = value;
    }

    public static async Task<AuditRelay> StartAsync(CancellationToken cancellation = default)
    {
        var relay = new AuditRelay();
        await relay._site.StartAsync(cancellation);
        return relay;
    }

    public async ValueTask DisposeAsync()
    {
        await _site.DisposeAsync();
        _client.Dispose();
        _certificate.Dispose();
    }

    private async Task PassOnAsync(HttpContext http)
    {
        try
        {
            if (_target is not { } target)
                throw new HttpRequestException("there is no node");
            using var call = new HttpRequestMessage(HttpMethod.Post, new Uri(target, Address.AbsolutePath));
            call.Content = new StreamContent(http.Request.Body);
            call.Content.Headers.TryAddWithoutValidation("Content-Type", http.Request.ContentType);
            call.Headers.TryAddWithoutValidation("Authorization", http.Request.Headers.Authorization.ToString());
            using var answer = await _client.SendAsync(call, http.RequestAborted);
            http.Response.StatusCode = (int)answer.StatusCode;
            if (answer.Headers.RetryAfter is { } after)
                http.Response.Headers.RetryAfter = after.ToString();
            await answer.Content.CopyToAsync(http.Response.Body, http.RequestAborted);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException && !http.Response.HasStarted)
        {
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            http.Response.Headers.RetryAfter = "1";
        }
    }

    private static X509Certificate2 MakeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=audit-relay", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(
            new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false)
        );
        return request.CreateSelfSigned(
            TimeProvider.System.GetUtcNow().AddMinutes(-5),
            TimeProvider.System.GetUtcNow().AddDays(30)
        );
    }
}
