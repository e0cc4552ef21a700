using JitFunctions.Domain.Rights;

namespace JitFunctions.Domain.Policies;

public enum NamespaceState
{
    Active,

    /// <summary>It is being deleted: Kubernetes creates nothing in it any more, no binding either.</summary>
    Terminating,

    Missing,
}

/// <summary>
/// What a cluster says about a scope. What it did not say is null: then nobody may act as if it had said something
/// harmless.
/// </summary>
/// <param name="NamespaceLabels">The labels of each namespace of the scope.</param>
/// <param name="Rights">All that the scope gives, with aggregated roles resolved.</param>
/// <param name="Trouble">Why something is null, in one line for people.</param>
public sealed record ClusterFacts(
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>>? NamespaceLabels,
    IReadOnlyList<NamespacedRules>? Rights,
    string? Trouble
)
{
    /// <summary>Of each namespace of the scope. Null when nobody asked for them, or the cluster did not say.</summary>
    public IReadOnlyDictionary<string, NamespaceState>? NamespaceStates { get; init; }

    /// <summary>Nothing has been asked yet.</summary>
    public static readonly ClusterFacts None = new(null, null, "The cluster has not been asked.");
}
