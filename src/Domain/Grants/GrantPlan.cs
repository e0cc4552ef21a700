namespace JitFunctions.Domain.Grants;

/// <summary>The action for one object that a grant should have in its cluster.</summary>
public abstract record GrantStep
{
    private GrantStep() { }

    /// <summary>The object is correct, or correctly absent. Nothing is done.</summary>
    public sealed record Keep : GrantStep;

    /// <summary>The object still has the expiry from before an extension.</summary>
    public sealed record Renew : GrantStep;

    /// <summary>The object differs from what was approved, and is restored.</summary>
    public sealed record Restore(string Difference) : GrantStep;

    /// <summary>The difference is only recorded: an object that somebody deleted is not created again.</summary>
    public sealed record Report(DriftKind Kind, string Detail) : GrantStep;

    /// <summary>The grant has expired, so the object is removed.</summary>
    public sealed record Remove : GrantStep;
}

/// <summary>Compares the desired objects of a grant with the observed ones. It makes no calls.</summary>
public static class GrantPlan
{
    /// <param name="observed">The object that exists under this name; null if there is none.</param>
    /// <param name="isRecordedLost">True if the object is already recorded as missing.</param>
    public static GrantStep For(
        Grant grant,
        DesiredObject desired,
        ObservedObject? observed,
        bool isRecordedLost,
        DateTimeOffset now
    ) =>
        observed switch
        {
            null when now >= grant.ExpiresAt => new GrantStep.Keep(),
            _ when now >= grant.ExpiresAt => new GrantStep.Remove(),
            null => new GrantStep.Report(DriftKind.Missing, "somebody deleted it"),
            _ when Differences(grant, desired, observed) is [_, ..] all => new GrantStep.Restore(
                string.Join("; ", all)
            ),
            _ when isRecordedLost => new GrantStep.Report(
                DriftKind.Returned,
                $"it is there again: {observed.Content.Describe()}"
            ),
            _ when !grant.EndsAt(observed.ExpiresAt) => new GrantStep.Renew(),
            _ => new GrantStep.Keep(),
        };

    /// <summary>
    /// Compares the answer of the API server to an apply with what was applied: admission in the cluster may have
    /// changed the object.
    /// </summary>
    /// <returns>The difference from what was applied; null if there is none. Labels and annotations that others add do
    /// not count.</returns>
    public static string? DifferenceAfterApply(Grant grant, DesiredObject desired, ObservedObject answer) =>
        answer.Content.DifferenceFrom(desired.Content)
        ?? (
            !grant.IsLabelled(answer.Labels) ? "it lacks the labels of the grant"
            : !grant.EndsAt(answer.ExpiresAt) ? "its annotation jit-access/expires-at is not the end of the grant"
            : null
        );

    private static List<string> Differences(Grant grant, DesiredObject desired, ObservedObject observed) =>
        [
            .. observed.Content.DifferenceFrom(desired.Content) is { } content ? [content] : Array.Empty<string>(),
            .. grant.IsLabelled(observed.Labels) ? [] : new[] { "its labels were changed" },
            .. grant.HasEverEndedAt(observed.ExpiresAt) ? [] : new[] { "its expiry was changed" },
        ];
}
