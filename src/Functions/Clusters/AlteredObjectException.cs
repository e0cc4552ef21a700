using JitFunctions.Domain.Grants;

namespace JitFunctions.Functions.Clusters;

/// <summary>
/// The API server keeps another object than the one that was applied: what admission in the cluster made of it.
/// </summary>
/// <param name="difference">What the object says: <c>it gives ClusterRole/edit for User/alice,
/// User/mallory</c>.</param>
public sealed class AlteredObjectException(GrantObjectKind kind, string? ns, string name, string difference)
    : Exception(
        $"The {kind} {name}{(ns is null ? "" : $" in {ns}")} is not what was approved: {difference}. Admission "
            + "in the cluster changes it."
    );
