using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;

namespace JitFunctions.LocalStack;

/// <summary>
/// An HTTP client for the API server, with one token. It trusts only the authority of the API server.
/// </summary>
public sealed class ApiServerClient : HttpClient
{
    private readonly X509Certificate2 _authority;

    /// <param name="authority">The certificate authority as PEM.</param>
    public ApiServerClient(Uri server, string authority, string token)
        : this(server, X509Certificate2.CreateFromPem(authority), token) { }

    private ApiServerClient(Uri server, X509Certificate2 authority, string token)
        : base(Trusting(authority))
    {
        _authority = authority;
        BaseAddress = server;
        DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
            _authority.Dispose();
    }

    private static SocketsHttpHandler Trusting(X509Certificate2 authority)
    {
        var trust = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        trust.CustomTrustStore.Add(authority);
        return new SocketsHttpHandler { UseProxy = false, SslOptions = { CertificateChainPolicy = trust } };
    }
}
