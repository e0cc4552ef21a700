using JitFunctions.Domain.Rights;

namespace JitFunctions.Domain.Policies;

/// <summary>What a cluster says about a scope. What it did not say is null: then nobody may act as if it had said something harmless.</summary>
/// <param name="NamespaceLabels">The labels of each namespace of the scope.</param>
/// <param name="Rights">All that the scope gives, with aggregated roles resolved.</param>
/// <param name="Trouble">Why something is null, in one line for people.</param>
public sealed record ClusterFacts(
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>>? NamespaceLabels, IReadOnlyList<PlacedRules>? Rights, string? Trouble)
{
    /// <summary>Nothing has been asked yet.</summary>
    public static readonly ClusterFacts None = new(null, null, "The cluster has not been asked.");
}
