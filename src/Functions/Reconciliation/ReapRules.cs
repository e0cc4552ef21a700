using System.Globalization;
using JitFunctions.Domain.Scopes;
using JitFunctions.Functions.Clusters;
using k8s.Models;

namespace JitFunctions.Functions.Reconciliation;

/// <summary>When an object of a grant goes, by what it says itself: the reaper knows nothing else.</summary>
internal static class ReapRules
{
    /// <summary>
    /// No grant lasts longer than this, whatever its policy says; so does nothing that bears our label, whatever its
    /// annotation says.
    /// </summary>
    public static readonly TimeSpan LongestLife = RequestForm.LongestDuration + TimeSpan.FromDays(1);

    /// <param name="grace">How long after its end the app itself has for it.</param>
    /// <returns>Why it has to go, or null.</returns>
    public static string? WhyOver(V1ObjectMeta metadata, DateTimeOffset now, TimeSpan grace)
    {
        if (GrantMetadata.ExpiresAt(metadata) is not { } expiresAt)
            return "it does not say when it ends";
        if (expiresAt <= now - grace) // the other way round the last second of time would overflow
            return $"it ended at {Text(expiresAt)}";
        // The API server writes the time of its making, and lets nobody change it.
        return metadata.CreationTimestamp is { } made && new DateTimeOffset(made.ToUniversalTime()) + LongestLife <= now
            ? $"it says that it ends at {Text(expiresAt)}, and no grant lasts so long"
            : null;
    }

    private static string Text(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
