using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace JitFunctions.LocalStack;

/// <summary>
/// Simulates Entra ID, where a pod exchanges the token of its service account for a token of its identity, and the
/// kubelet, which mounts the service account token. Wire format:
/// https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow, third case.
/// </summary>
public sealed class WorkloadIdentity : IAsyncDisposable
{
    private const string Tenant = "11111111-2222-3333-4444-555555555555";
    private const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    private readonly ScratchFolder _folder = new();
    private readonly X509Certificate2 _certificate = ServingCertificate();
    private readonly WebApplication _site;
    private readonly Uri _address = new($"https://127.0.0.1:{FreePort.Next()}/");
    private readonly List<string> _mounted = [];

    private WorkloadIdentity()
    {
        File.WriteAllText(_folder.Combine("ca.crt"), _certificate.ExportCertificatePem());
        RotateMountedToken();
        _site = LoopbackSite.Build(
            _address,
            kestrel => kestrel.ConfigureHttpsDefaults(https => https.ServerCertificate = _certificate)
        );
        _site.MapPost($"/{Tenant}/oauth2/v2.0/token", TokenAsync);
    }

    public TokenMint Mint { get; } = new(TimeProvider.System);

    /// <summary>
    /// The environment variables that the workload identity webhook adds to a pod, and the authority of the endpoint's
    /// certificate.
    /// </summary>
    public IReadOnlyDictionary<string, string?> Environment(string clientId) =>
        new Dictionary<string, string?>
        {
            ["AZURE_TENANT_ID"] = Tenant,
            ["AZURE_CLIENT_ID"] = clientId,
            ["AZURE_FEDERATED_TOKEN_FILE"] = _folder.Combine("token"),
            ["AZURE_AUTHORITY_HOST"] = _address.AbsoluteUri,
            ["SSL_CERT_FILE"] = _folder.Combine("ca.crt"),
        };

    public static async Task<WorkloadIdentity> StartAsync(CancellationToken cancellation = default)
    {
        var identity = new WorkloadIdentity();
        await identity._site.StartAsync(cancellation);
        return identity;
    }

    /// <summary>Replaces the mounted token as the kubelet does, long before the earlier one expires.</summary>
    public void RotateMountedToken()
    {
        var token = RandomNumberGenerator.GetHexString(64, lowercase: true);
        lock (_mounted)
            _mounted.Add(token);
        File.WriteAllText(_folder.Combine("token"), token);
    }

    public async ValueTask DisposeAsync()
    {
        await _site.DisposeAsync();
        _certificate.Dispose();
        _folder.Dispose();
    }

    private async Task<IResult> TokenAsync(HttpRequest call)
    {
        var form = await call.ReadFormAsync();
        if (
            form["grant_type"] != "client_credentials"
            || form["client_assertion_type"] != AssertionType
            || form["client_id"] is not [{ Length: > 0 } client]
        )
            return Error("invalid_request");
        lock (_mounted)
        {
            if (!_mounted.Contains(form["client_assertion"].ToString()))
                return Error("invalid_client");
        }

        // MSAL adds its own scopes to the requested one.
        var scope = form["scope"]
            .ToString()
            .Split(' ')
            .FirstOrDefault(part => part.EndsWith("/.default", StringComparison.Ordinal));
        if (scope is null)
            return Error("invalid_scope");
        return await Mint.IssueAsync(scope, client) is { } token
            ? Results.Json(
                new
                {
                    token_type = "Bearer",
                    expires_in = (long)Mint.Lifetime.TotalSeconds,
                    access_token = token.Value,
                }
            )
            : Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
    }

    private static IResult Error(string error) =>
        Results.Json(new { error, error_description = error }, statusCode: StatusCodes.Status400BadRequest);

    private static X509Certificate2 ServingCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=token-endpoint", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, critical: true));
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddMinutes(-5), now.AddDays(30));
    }
}
