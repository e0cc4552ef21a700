using JitFunctions.Domain.Text;

namespace JitFunctions.Domain.Grants;

public enum DriftKind
{
    /// <summary>An object of a live grant is missing.</summary>
    Missing,

    /// <summary>An object of a live grant differs from what was approved.</summary>
    Edited,

    /// <summary>An object of this installation that belongs to no live grant.</summary>
    Stray,

    /// <summary>A missing object exists again, as it was approved.</summary>
    Returned,
}

public enum DriftRemedy
{
    Reported,
    Restored,
    Removed,
}

/// <summary>A difference between the event store and a cluster, and what was done about it.</summary>
/// <param name="ObjectKind">Absent in events from before it was recorded.</param>
public sealed record Drift(
    DriftKind Kind,
    string? Namespace,
    string Name,
    string Detail,
    DriftRemedy Remedy,
    GrantObjectKind? ObjectKind = null
)
{
    public Drift Shortened() => this with { Name = ShortText.Name(Name), Detail = ShortText.Detail(Detail) };

    /// <summary>True if the object of a live grant is missing after this drift.</summary>
    public bool IsLoss() =>
        this is { Kind: DriftKind.Missing } or { Kind: DriftKind.Edited, Remedy: DriftRemedy.Removed };

    /// <summary>True if the object is as approved after this drift.</summary>
    public bool IsWhole() =>
        this is { Kind: DriftKind.Returned } or { Kind: DriftKind.Edited, Remedy: DriftRemedy.Restored };

    public bool IsAbout(LostObject lost) => (ObjectKind, Namespace, Name) == (lost.Kind, lost.Namespace, lost.Name);

    /// <summary>Like <see cref="IsAbout"/>, but also true if the kind of the missing object was not recorded.</summary>
    public bool MayBeAbout(LostObject lost) =>
        IsAbout(lost) || (lost.Kind is null && (Namespace, Name) == (lost.Namespace, lost.Name));

    public bool IsAboutTheSameAs(Drift other) =>
        (ObjectKind, Namespace, Name) == (other.ObjectKind, other.Namespace, other.Name);
}
