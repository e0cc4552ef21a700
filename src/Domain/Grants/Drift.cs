namespace JitFunctions.Domain.Grants;

public enum DriftKind
{
    /// <summary>A binding of a live grant is gone.</summary>
    Missing,

    /// <summary>A binding of a live grant says something else than it should.</summary>
    Edited,

    /// <summary>A binding of ours that belongs to no live grant.</summary>
    Stray,
}

public enum DriftRemedy
{
    Reported,
    Restored,
    Removed,
}

/// <summary>A difference between the event store and a cluster, and what was done about it.</summary>
public sealed record Drift(DriftKind Kind, string? Namespace, string Name, string Detail, DriftRemedy Remedy);
