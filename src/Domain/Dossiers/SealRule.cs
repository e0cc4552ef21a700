using JitFunctions.Domain.Audit;

namespace JitFunctions.Domain.Dossiers;

/// <summary>How far the audit log of a cluster has come.</summary>
/// <param name="Passed">The latest stage time that was received; null if no event could be read.</param>
public sealed record FeedFacts(DateTimeOffset? Passed);

public abstract record SealStep
{
    private SealStep() { }

    public sealed record Wait : SealStep;

    /// <param name="Gap">Null if the audit log has passed the end of the grant.</param>
    public sealed record Seal(SealGap? Gap) : SealStep;
}

/// <summary>Decides when the dossier of an ended grant is sealed.</summary>
public static class SealRule
{
    /// <summary>
    /// An API server repeats a refused batch for about 80 seconds: earlier events may follow later ones.
    /// </summary>
    public static readonly TimeSpan Repeats = TimeSpan.FromSeconds(90);

    /// <summary>
    /// Actions that were received in this time before the seal may still be in a transaction: they are not part of it.
    /// </summary>
    public static readonly TimeSpan InFlight = TimeSpan.FromSeconds(30);

    /// <param name="from">The start of the activation; null if the cluster never had the rights.</param>
    /// <param name="endedAt">When the denial was proven.</param>
    /// <param name="feed">Null if the cluster never sent its audit log.</param>
    /// <param name="longest">How long after the end the seal waits for the audit log.</param>
    public static SealStep Decide(
        DateTimeOffset? from,
        DateTimeOffset endedAt,
        FeedFacts? feed,
        DateTimeOffset now,
        TimeSpan longest
    )
    {
        if (from is not { } start)
            return new SealStep.Seal(null);
        if (feed is null)
        {
            return new SealStep.Seal(
                new(
                    SealGapKind.NoActionFeed,
                    "The cluster has never sent its audit log: no action can be known.",
                    start,
                    endedAt
                )
            );
        }

        var hasPassed = feed.Passed > endedAt + SubjectGrant.MostClockDifference;
        if (hasPassed && now >= endedAt + Repeats + InFlight)
            return new SealStep.Seal(null);
        if (hasPassed || now < endedAt + longest)
            return new SealStep.Wait();
        var since = feed.Passed is { } passed && passed > start ? passed : start;
        return new SealStep.Seal(
            new(
                SealGapKind.FeedStopped,
                $"The audit log did not come further than {since.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}: later actions "
                    + "are not known.",
                since,
                endedAt
            )
        );
    }
}
