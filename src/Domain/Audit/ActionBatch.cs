namespace JitFunctions.Domain.Audit;

/// <summary>What of one delivery of an audit log is stored, in the order in which it was received.</summary>
/// <param name="Counts">Of the events that are not kept.</param>
public sealed record ActionBatch(
    string Cluster,
    IReadOnlyList<KeptAction> Actions,
    IReadOnlyList<AuditGap> Gaps,
    ActionCounts Counts
)
{
    /// <summary>The latest stage time of an event that could be read, kept or not; null if there was none.</summary>
    public DateTimeOffset? LatestStageAt { get; init; }

    /// <param name="grants">Grants on the cluster, live and ended.</param>
    /// <param name="window">As in <see cref="KeepRule.IsKept"/>.</param>
    public static ActionBatch Of(
        string cluster,
        IReadOnlyList<AuditItem> items,
        IReadOnlyList<SubjectGrant> grants,
        TimeSpan window
    )
    {
        var events = items.OfType<ReceivedEvent>().ToLookup(one => KeepRule.IsKept(one.Event, grants, window));
        return new(
            cluster,
            [
                .. events[true]
                    .Select(one => new KeptAction(
                        RecordedAction.Of(cluster, one, ActionAttribution.Of(one.Event, grants)),
                        one.Canonical
                    )),
            ],
            [.. items.OfType<AuditGap>()],
            ActionCounts.None.With(cluster, events[false].Select(one => one.Event))
        )
        {
            LatestStageAt = items.OfType<ReceivedEvent>().Max(one => (DateTimeOffset?)one.Event.StageAt),
        };
    }
}

/// <param name="Canonical">As in <see cref="ReceivedEvent"/>.</param>
public sealed record KeptAction(RecordedAction Action, ReadOnlyMemory<byte> Canonical);
