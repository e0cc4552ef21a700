using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace JitFunctions.LocalStack;

/// <summary>
/// A mutating admission webhook: the API server calls it over HTTPS for each object that it is about to store, and
/// applies the returned patch.
/// https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#webhook-request-and-response.
/// </summary>
public sealed class AdmissionWebhook : IAsyncDisposable
{
    private readonly X509Certificate2 _certificate = MakeCertificate();
    private readonly IReadOnlyDictionary<string, string> _patches;
    private readonly WebApplication _site;
    private int _calls;

    private AdmissionWebhook(IReadOnlyDictionary<string, string> patches)
    {
        _patches = patches;
        _site = LoopbackSite.Build(
            Address,
            kestrel => kestrel.ConfigureHttpsDefaults(https => https.ServerCertificate = _certificate)
        );
        _site.MapPost(Address.AbsolutePath, AnswerAsync);
    }

    public Uri Address { get; } = new($"https://127.0.0.1:{FreePort.Next()}/admit");

    /// <summary>The certificate authority as base64-encoded PEM, for <c>caBundle</c>.</summary>
    public string CertificateAuthorityData =>
        Convert.ToBase64String(Encoding.ASCII.GetBytes(_certificate.ExportCertificatePem()));

    /// <summary>The number of calls from the API server.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <param name="patches">The JSON Patch for each kind of object. Other kinds are not changed.</param>
    public static async Task<AdmissionWebhook> StartAsync(
        IReadOnlyDictionary<string, string> patches,
        CancellationToken cancellation = default
    )
    {
        var webhook = new AdmissionWebhook(patches);
        await webhook._site.StartAsync(cancellation);
        return webhook;
    }

    public async ValueTask DisposeAsync()
    {
        await _site.DisposeAsync();
        _certificate.Dispose();
    }

    private async Task<IResult> AnswerAsync(HttpRequest call)
    {
        var review = (await JsonNode.ParseAsync(call.Body))!["request"]!;
        Interlocked.Increment(ref _calls);
        var response = new JsonObject { ["uid"] = (string)review["uid"]!, ["allowed"] = true };
        if (_patches.TryGetValue((string)review["kind"]!["kind"]!, out var patch))
        {
            response["patchType"] = "JSONPatch";
            response["patch"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(patch));
        }

        return Results.Json(
            new JsonObject
            {
                ["apiVersion"] = "admission.k8s.io/v1",
                ["kind"] = "AdmissionReview",
                ["response"] = response,
            }
        );
    }

    private static X509Certificate2 MakeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=admission-webhook", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(
            new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false)
        );
        return request.CreateSelfSigned(
            TimeProvider.System.GetUtcNow().AddMinutes(-5),
            TimeProvider.System.GetUtcNow().AddDays(1)
        );
    }
}
