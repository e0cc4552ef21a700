using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace JitFunctions.Domain.Audit;

/// <summary>
/// Finds what is missing between two events of a partition of an event hub: their sequence numbers have no holes, so a
/// hole is events that were removed before they were read.
/// </summary>
public static class HubSequence
{
    /// <param name="place">The partition, for people.</param>
    /// <param name="last">The event that was stored last; null if none was.</param>
    /// <param name="lastAt">When it was sent.</param>
    /// <param name="next">The event that is read next.</param>
    /// <param name="nextAt">When it was sent.</param>
    /// <returns>Null if nothing is missing.</returns>
    public static AuditGap? Missing(string place, long? last, DateTimeOffset? lastAt, long next, DateTimeOffset nextAt)
    {
        if (last is not { } before || next == before + 1)
            return null;
        // Lower numbers come from another hub of the same name.
        var (what, count) =
            next > before
                ? (
                    $"{next - before - 1} events of {place} were removed before they were read",
                    $"{before + 1} to {next - 1}"
                )
                : (
                    $"{place} was created again, and what it had after the last event that was read is gone",
                    $"after {before}"
                );
        return Of(what, $"{what}: {count}, between {Instant(lastAt)} and {Instant(nextAt)}");
    }

    private static AuditGap Of(string detail, string text)
    {
        var raw = Encoding.UTF8.GetBytes(text);
        return new(
            GapReason.Removed,
            detail,
            raw,
            raw.Length,
            Convert.ToHexStringLower(SHA256.HashData(raw)),
            ScrapedFields.None
        );
    }

    private static string Instant(DateTimeOffset? at) =>
        at?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture) ?? "an unknown time";
}
