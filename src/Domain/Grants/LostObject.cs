namespace JitFunctions.Domain.Grants;

/// <summary>
/// An object of a live grant that is missing in the cluster. Without it, the grant gives less than was approved, or
/// nothing.
/// </summary>
/// <param name="Kind">Null if the event was stored before kinds were recorded.</param>
/// <param name="At">When it was found to be missing, or when it was removed because the cluster changed what was
/// approved.</param>
public sealed record LostObject(GrantObjectKind? Kind, string? Namespace, string Name, DateTimeOffset At, string Detail)
{
    public string Describe() => $"{Kind?.ToString() ?? "object"} {Name}{(Namespace is { } ns ? $" in {ns}" : "")}";

    public string DescribeSince() => $"{Describe()} (since {At.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ})";
}

/// <summary>Updates the missing objects of a grant from the drift that is found.</summary>
public static class LostObjects
{
    public static IReadOnlyList<LostObject> After(IReadOnlyList<LostObject> lost, Drift drift, DateTimeOffset at)
    {
        // A missing object without a recorded kind may be the same object or another one. If it is another one, it is
        // found and recorded again.
        if (drift.IsWhole())
            return [.. lost.Where(one => !drift.MayBeAbout(one))];
        if (!drift.IsLoss() || lost.Any(drift.IsAbout))
            return lost;
        return
        [
            .. lost.Where(one => !drift.MayBeAbout(one)),
            new(drift.ObjectKind, drift.Namespace, drift.Name, at, drift.Detail),
        ];
    }
}
