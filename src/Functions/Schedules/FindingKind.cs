namespace JitFunctions.Functions.Schedules;

/// <summary>What the reconciler may find. docs/runbook.md says of each what to do.</summary>
internal static class FindingKind
{
    /// <summary>Rights may be in the cluster past their end; the reconciler takes them away itself.</summary>
    public const string Overdue = "overdue";

    /// <summary>A live request has no orchestration, or one that ended before its time; a new one is started.</summary>
    public const string OrchestrationMissing = "orchestration-missing";

    /// <summary>The orchestration of a live request failed; a new one is started.</summary>
    public const string OrchestrationFailed = "orchestration-failed";

    /// <summary>An orchestration does not do what is due; it is nudged and, if that does not help, replaced.</summary>
    public const string OrchestrationStuck = "orchestration-stuck";

    /// <summary>A request could not be looked after at all.</summary>
    public const string NotReconciled = "not-reconciled";

    /// <summary>A cluster could not be compared with the event store.</summary>
    public const string ClusterAway = "cluster-away";
}
