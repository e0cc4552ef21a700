namespace JitFunctions.Domain.Grants;

/// <summary>
/// An object that a live grant lacks in its cluster: without it the grant gives less than was approved, or nothing.
/// </summary>
/// <param name="Kind">Null when an event from before kinds were recorded tells of it.</param>
/// <param name="At">When it was found missing, or when it was removed because the cluster did not keep it as it was
/// approved.</param>
public sealed record LostObject(GrantObjectKind? Kind, string? Namespace, string Name, DateTimeOffset At, string Detail)
{
    public string Describe() => $"{Kind?.ToString() ?? "object"} {Name}{(Namespace is { } ns ? $" in {ns}" : "")}";

    public string DescribeSince() => $"{Describe()} (since {At.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ})";
}

/// <summary>What a grant lacks, as the drift that is found tells it.</summary>
public static class LostObjects
{
    public static IReadOnlyList<LostObject> After(IReadOnlyList<LostObject> lost, Drift drift, DateTimeOffset at)
    {
        // One of which no kind was recorded is the same one, or another; then it is found and recorded again.
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
