using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Settings;

/// <summary>
/// The certificate authorities that SSL_CERT_FILE and SSL_CERT_DIR name, as for OpenSSL. What cannot be read is left
/// out in silence, so that a server is not trusted and nobody knows why.
/// </summary>
internal static class Authorities
{
    /// <returns>What of them cannot be read, and why; null when there is nothing wrong with them.</returns>
    public static string? WhyUnreadable(Shell shell)
    {
        if (shell.NonEmpty("SSL_CERT_FILE") is { } file && WhyNoCertificate(file) is { } wrong)
            return $"SSL_CERT_FILE names {file}, {wrong}";
        // Separated as in PATH; it is enough that one is there, as the usual ones are not on every system.
        return shell.NonEmpty("SSL_CERT_DIR") is { } folders && !folders.Split(Path.PathSeparator).Any(Directory.Exists)
            ? $"SSL_CERT_DIR names {folders}, which is no folder"
            : null;
    }

    private static string? WhyNoCertificate(string file)
    {
        try
        {
            var content = File.ReadAllBytes(file);
            var certificates = new X509Certificate2Collection();
            certificates.ImportFromPem(System.Text.Encoding.ASCII.GetString(content));
            if (certificates.Count == 0)
                X509CertificateLoader.LoadCertificate(content).Dispose(); // not PEM: perhaps DER
            return null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return $"which cannot be read: {unreadable.Message}";
        }
        catch (CryptographicException)
        {
            return "which holds no certificate";
        }
    }
}
