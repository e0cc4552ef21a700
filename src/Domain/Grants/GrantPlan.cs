namespace JitFunctions.Domain.Grants;

/// <summary>What is to be done about one object that a grant should have in its cluster.</summary>
public abstract record GrantStep
{
    private GrantStep() { }

    /// <summary>It is as it should be.</summary>
    public sealed record Keep : GrantStep;

    /// <summary>It still says the expiry of before an extension.</summary>
    public sealed record Renew : GrantStep;

    /// <summary>It is not what was approved, and has to be made so.</summary>
    public sealed record Restore(string Difference) : GrantStep;

    /// <summary>Nothing but to record it: what somebody deleted is not made again.</summary>
    public sealed record Report(DriftKind Kind, string Detail) : GrantStep;

    /// <summary>The grant is over.</summary>
    public sealed record Remove : GrantStep;
}

/// <summary>Compares what a grant should have in its cluster with what is there. Calls nothing.</summary>
public static class GrantPlan
{
    /// <param name="observed">What is there under the name of the object; null when nothing is.</param>
    /// <param name="isRecordedLost">Whether the grant is known to lack it.</param>
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
    /// What the API server answered to an apply: admission in the cluster may have changed the object on its way.
    /// </summary>
    /// <returns>What differs from what was applied; null when nothing does. Labels and annotations that others add do
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
