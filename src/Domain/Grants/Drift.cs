using JitFunctions.Domain.Text;

namespace JitFunctions.Domain.Grants;

public enum DriftKind
{
    /// <summary>An object of a live grant is gone.</summary>
    Missing,

    /// <summary>An object of a live grant says something else than it should.</summary>
    Edited,

    /// <summary>An object of ours that belongs to no live grant.</summary>
    Stray,

    /// <summary>An object that was missing is there again, as it was approved.</summary>
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

    /// <summary>True when a live grant lacks the object afterwards.</summary>
    public bool IsLoss() =>
        this is { Kind: DriftKind.Missing } or { Kind: DriftKind.Edited, Remedy: DriftRemedy.Removed };

    /// <summary>True when the object is as it was approved afterwards.</summary>
    public bool IsWhole() =>
        this is { Kind: DriftKind.Returned } or { Kind: DriftKind.Edited, Remedy: DriftRemedy.Restored };

    public bool IsAbout(LostObject lost) => (ObjectKind, Namespace, Name) == (lost.Kind, lost.Namespace, lost.Name);

    /// <summary>The same, and also where no kind of the lost object was recorded.</summary>
    public bool MayBeAbout(LostObject lost) =>
        IsAbout(lost) || (lost.Kind is null && (Namespace, Name) == (lost.Namespace, lost.Name));

    public bool IsAboutTheSameAs(Drift other) =>
        (ObjectKind, Namespace, Name) == (other.ObjectKind, other.Namespace, other.Name);
}
