using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace JitFunctions.Functions.Platform.Notifications;

/// <summary>
/// The symmetric signature of Standard Webhooks 1.0.0:
/// https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#signature-scheme.
/// </summary>
public static class WebhookSignature
{
    /// <param name="id">Must not contain a dot, because one message could then be read as another.</param>
    /// <param name="timestamp">Seconds since 1970.</param>
    /// <returns>The value of the header <c>webhook-signature</c>.</returns>
    public static string Sign(byte[] key, string id, long timestamp, byte[] body)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hmac.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}.")));
        hmac.AppendData(body);
        return $"v1,{Convert.ToBase64String(hmac.GetHashAndReset())}";
    }
}
