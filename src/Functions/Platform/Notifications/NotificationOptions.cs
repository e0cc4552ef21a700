using System.Buffers.Text;
using Microsoft.Extensions.Configuration;

namespace JitFunctions.Functions.Platform.Notifications;

/// <summary>Where notices are sent. Nothing is sent unless a webhook is configured.</summary>
public sealed class NotificationOptions
{
    public const string Section = "Notifications";
    private const string Prefix = "whsec_";
    private const int ShortestKey = 24;
    private const int LongestKey = 64;
    private static readonly Uri Unreadable = new(string.Empty, UriKind.Relative);

    /// <summary>The address of the receiver. It may contain a key, so it is never shown.</summary>
    public Uri? Webhook { get; init; }

    /// <summary>
    /// The secret that the receiver verifies notices with: <c>whsec_</c> and 24 to 64 random bytes in base64.
    /// </summary>
    public string? Secret { get; init; }

    /// <summary>Read by hand, because the binder quotes values that it cannot read.</summary>
    public static NotificationOptions Read(IConfigurationSection section) =>
        new()
        {
            Webhook =
                section[nameof(Webhook)] is not { Length: > 0 } text ? null
                : Uri.TryCreate(text, UriKind.Absolute, out var webhook) ? webhook
                : Unreadable,
            Secret = section[nameof(Secret)] is { Length: > 0 } secret ? secret : null,
        };

    public IEnumerable<string> Errors()
    {
        if (
            Webhook
            is { IsAbsoluteUri: false }
                or { Scheme: not ("https" or "http") }
                or { Scheme: "http", IsLoopback: false }
        )
            yield return "Notifications:Webhook must be an address with https://; "
                + "only one on this machine may have http://.";
        if (Webhook is null && Secret is not null)
            yield return "Notifications:Secret is set without Notifications:Webhook: set both or neither.";
        if (Webhook is not null && Key() is null)
            yield return "Notifications:Secret must be whsec_ followed by 24 to 64 random bytes in base64; "
                + "configure the same value in the receiver.";
    }

    /// <summary>The bytes to sign with; null when the secret is not valid.</summary>
    internal byte[]? Key()
    {
        if (
            Secret is null
            || !Secret.StartsWith(Prefix, StringComparison.Ordinal)
            || !Base64.IsValid(Secret.AsSpan(Prefix.Length), out var length)
        )
            return null;
        return length is >= ShortestKey and <= LongestKey ? Convert.FromBase64String(Secret[Prefix.Length..]) : null;
    }
}
