using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Settings;

/// <summary>
/// The certificate authorities of SSL_CERT_FILE and SSL_CERT_DIR, as for OpenSSL. .NET silently ignores what it cannot
/// read; then a server is not trusted for no visible reason.
/// </summary>
internal static class Authorities
{
    /// <returns>Which of them cannot be read, and why; null when there is no problem.</returns>
    public static string? WhyUnreadable(Shell shell)
    {
        if (shell.NonEmpty("SSL_CERT_FILE") is { } file && WhyNoCertificate(file) is { } wrong)
            return $"SSL_CERT_FILE names {file}, {wrong}";
        // Separated as in PATH. One existing folder is enough, because not every system has all default folders.
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
