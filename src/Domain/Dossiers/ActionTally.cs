using JitFunctions.Domain.Audit;
using JitFunctions.Domain.Audit.Reading;

namespace JitFunctions.Domain.Dossiers;

/// <summary>
/// Adds up the actions of one grant, in the order of stage time and hash. Not safe for several threads.
/// </summary>
public sealed class ActionTally
{
    private readonly List<AuditEvent> _lasting = [];
    private readonly HashSet<(string, AuditStage)> _ids = [];

    public ActionTotals Totals { get; private set; } = ActionTotals.None;

    public SealedAction? First { get; private set; }

    public SealedAction? Last { get; private set; }

    /// <summary>When the grant was used first, for certain.</summary>
    public DateTimeOffset? FirstUseAt { get; private set; }

    /// <summary>Actions with the audit id and stage of another one.</summary>
    public int ReusedIds { get; private set; }

    public void Add(KeptAction kept)
    {
        var action = kept.Action;
        Totals = Totals.With(action);
        Last = new(action.StageAt, action.Hash);
        First ??= Last;
        if (action.Attribution == AttributionKind.Exact && (FirstUseAt is null || action.ReceivedAt < FirstUseAt))
            FirstUseAt = action.ReceivedAt;
        if (!_ids.Add((action.AuditId, action.Stage)))
            ReusedIds++;
        // What was allowed by something else than the grant is not what the grant left.
        if (action.Attribution == AttributionKind.Exact && (action.Verb is not ("get" or "list") || IsStream(action)))
            Keep(kept);
    }

    public IReadOnlyList<ResidualAccess> Remains(DateTimeOffset endedAt) => ResidualFold.Of(_lasting, endedAt);

    public IReadOnlyList<SealGap> Gaps() =>
        ReusedIds == 0
            ? []
            :
            [
                new(
                    SealGapKind.ReusedAuditIds,
                    $"{ReusedIds} action(s) have the audit id of another action: a client chose it.",
                    Count: ReusedIds
                ),
            ];

    private void Keep(KeptAction kept)
    {
        // Bodies that are not of RBAC objects were never stored, so what depends on them is unknown.
        if (AuditEventList.ReadOne(kept.Canonical) is ReceivedEvent received)
            _lasting.Add(received.Event);
    }

    // Its verb may be get.
    private static bool IsStream(RecordedAction action) =>
        action.Verb == "watch" || action.Resource?.Contains('/', StringComparison.Ordinal) == true;
}
