using System.Globalization;
using JitFunctions.Domain.Scopes;
using JitFunctions.Functions.Clusters;
using k8s.Models;

namespace JitFunctions.Functions.Reconciliation;

/// <summary>
/// Decides from the object alone whether the reaper deletes a grant object: the reaper has no other information.
/// </summary>
internal static class ReapRules
{
    /// <summary>
    /// No grant lasts longer than this, whatever its policy says. Neither does any object with our label, whatever its
    /// annotation says.
    /// </summary>
    public static readonly TimeSpan LongestLife = RequestForm.LongestDuration + TimeSpan.FromDays(1);

    /// <param name="grace">The time after the expiry in which the app itself removes the object.</param>
    /// <returns>Why it has to be deleted, or null.</returns>
    public static string? WhyOver(V1ObjectMeta metadata, DateTimeOffset now, TimeSpan grace)
    {
        if (GrantMetadata.ExpiresAt(metadata) is not { } expiresAt)
            return "it does not say when it ends";
        if (expiresAt <= now - grace) // expiresAt + grace could overflow
            return $"it expired at {Text(expiresAt)}";
        // The API server sets the creation timestamp, and does not allow anybody to change it.
        return metadata.CreationTimestamp is { } made && new DateTimeOffset(made.ToUniversalTime()) + LongestLife <= now
            ? $"it says that it ends at {Text(expiresAt)}, and no grant lasts so long"
            : null;
    }

    private static string Text(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
