using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;

namespace JitFunctions.LocalStack;

/// <summary>The API server over HTTP, with one token, and with no authority trusted but its own.</summary>
public sealed class ApiServerClient : HttpClient
{
    private readonly X509Certificate2 _authority;

    /// <param name="authority">PEM.</param>
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
