using System.Security.Cryptography;
using JitFunctions.TransparencyLog.Notes;

namespace JitFunctions.Functions.Tests.Log;

/// <summary>Keys as OpenSSL writes them.</summary>
internal static class LogFiles
{
    public static string EcdsaPem()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportPkcs8PrivateKeyPem();
    }

    public static string Ed25519Pem() => Ed25519Key.Generate().ToPem();
}
