using JitFunctions.Domain.Rights;

namespace JitFunctions.Domain.Policies;

public enum NamespaceState
{
    Active,

    /// <summary>
    /// The namespace is being deleted: Kubernetes no longer creates anything in it, including bindings.
    /// </summary>
    Terminating,

    Missing,
}

/// <summary>
/// What a cluster reports about a scope. Facts that it did not report are null, and must never be treated as harmless.
/// </summary>
/// <param name="NamespaceLabels">The labels of each namespace of the scope.</param>
/// <param name="Rights">All rights that the scope gives, with aggregated roles resolved.</param>
/// <param name="Failure">Why something is null, in one line for people.</param>
public sealed record ClusterFacts(
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>>? NamespaceLabels,
    IReadOnlyList<NamespacedRules>? Rights,
    string? Failure
)
{
    /// <summary>
    /// The state of each namespace of the scope. Null when it was not queried, or the cluster did not answer.
    /// </summary>
    public IReadOnlyDictionary<string, NamespaceState>? NamespaceStates { get; init; }

    /// <summary>No facts, because the cluster has not been queried yet.</summary>
    public static readonly ClusterFacts None = new(null, null, "The cluster has not been asked.");
}
