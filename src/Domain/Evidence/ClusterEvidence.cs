namespace JitFunctions.Domain.Evidence;

/// <summary>The exceptions of a period that belong to no request.</summary>
public static class ClusterEvidence
{
    /// <summary>The types of events of which there may be exceptions.</summary>
    public static readonly IReadOnlyList<string> Types =
    [
        FactNames.StrayRemoved,
        FactNames.ActionsRecorded,
        FactNames.AuditIdReused,
    ];

    /// <summary>Null if the event is none, or not of the period.</summary>
    public static ExceptionRow? Of(LoggedFact fact, EvidencePeriod period)
    {
        if (!Types.Contains(fact.Type) || !period.Has(fact.At))
            return null;
        var found = new RequestExceptions(string.Empty);
        found.AddOfCluster(fact);
        return found.All.SingleOrDefault();
    }
}
