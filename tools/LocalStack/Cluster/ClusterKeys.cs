using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace JitFunctions.LocalStack;

/// <summary>
/// The authority and serving certificate of the API server, and the key that signs service account tokens.
/// </summary>
internal static class ClusterKeys
{
    public const string Authority = "ca.crt";
    public const string ServingCertificate = "apiserver.crt";
    public const string ServingKey = "apiserver.key";
    public const string ServiceAccounts = "service-accounts.key";

    public static void WriteTo(ScratchFolder folder)
    {
        var from = TimeProvider.System.GetUtcNow().AddMinutes(-5);
        var until = from.AddDays(30);

        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authorityRequest = new CertificateRequest("CN=jit-local-authority", authorityKey, HashAlgorithmName.SHA256);
        authorityRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, critical: true));
        using var authority = authorityRequest.CreateSelfSigned(from, until);

        using var servingKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var servingRequest = new CertificateRequest("CN=kube-apiserver", servingKey, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddDnsName("localhost");
        servingRequest.CertificateExtensions.Add(names.Build());
        servingRequest.CertificateExtensions.Add(
            new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false)
        );
        using var serving = servingRequest.Create(authority, from, until, RandomNumberGenerator.GetBytes(16));

        using var serviceAccountKey = RSA.Create(2048);
        File.WriteAllText(folder.Combine(Authority), authority.ExportCertificatePem());
        File.WriteAllText(folder.Combine(ServingCertificate), serving.ExportCertificatePem());
        File.WriteAllText(folder.Combine(ServingKey), servingKey.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(folder.Combine(ServiceAccounts), serviceAccountKey.ExportRSAPrivateKeyPem());
    }
}
