namespace JitFunctions.Functions.Monitoring;

/// <summary>The kinds of findings of the reconciler. docs/runbook.md describes what to do about each.</summary>
internal static class FindingKind
{
    /// <summary>Rights may be in the cluster past their end; the reconciler removes them itself.</summary>
    public const string Overdue = "overdue";

    /// <summary>A live request has no orchestration, or one that ended too early; a new one is started.</summary>
    public const string OrchestrationMissing = "orchestration-missing";

    /// <summary>The orchestration of a live request failed; a new one is started.</summary>
    public const string OrchestrationFailed = "orchestration-failed";

    /// <summary>
    /// An orchestration does not execute a step that is due; it is nudged and, if that does not help, replaced.
    /// </summary>
    public const string OrchestrationStuck = "orchestration-stuck";

    /// <summary>A request could not be reconciled at all.</summary>
    public const string NotReconciled = "not-reconciled";

    /// <summary>A cluster could not be compared with the event store.</summary>
    public const string ClusterAway = "cluster-away";

    /// <summary>A cluster was compared only in part, because the time ran out.</summary>
    public const string ClusterSlow = "cluster-slow";

    /// <summary>Live requests name a cluster that is not configured.</summary>
    public const string ClusterGone = "cluster-gone";

    /// <summary>
    /// Objects that another installation may have created, or somebody who used its label; they are not touched.
    /// </summary>
    public const string ObjectForeign = "object-foreign";

    /// <summary>
    /// An object that names a live grant of another cluster; it is not touched until that grant ends.
    /// </summary>
    public const string ObjectElsewhere = "object-elsewhere";

    /// <summary>The role of an active grant allows more than was approved.</summary>
    public const string RoleGrown = "role-grown";

    /// <summary>
    /// The same, and what the role allows leads to more rights; the grant ends, unless its policy says otherwise.
    /// </summary>
    public const string RoleGrownDangerously = "role-grown-dangerously";

    /// <summary>
    /// A binding of a live grant is missing, or its Role, Secret or service account; the next two kinds include these
    /// objects too. This kind and the following ones are events too, and appear in no report.
    /// </summary>
    public const string BindingMissing = "binding-missing";

    /// <summary>
    /// A binding of a live grant differed from what it should be; it is restored, or otherwise removed.
    /// </summary>
    public const string BindingEdited = "binding-edited";

    /// <summary>
    /// A binding of a live grant that was missing exists again as it was approved; the app did not restore it.
    /// </summary>
    public const string BindingReturned = "binding-returned";

    /// <summary>A binding of a grant that should have none any more; it is removed.</summary>
    public const string BindingStray = "binding-stray";

    /// <summary>An object with this installation's label for a request that never existed; it is removed.</summary>
    public const string ObjectUnknown = "object-unknown";

    /// <summary>The review after a break-glass use was not given in time.</summary>
    public const string ReviewOverdue = "review-overdue";

    /// <summary>
    /// Different actions in the audit log of a cluster have the same audit id. An event too, and in no report.
    /// </summary>
    public const string AuditIdReused = "audit-id-reused";

    public static readonly IReadOnlyList<string> All =
    [
        Overdue,
        OrchestrationMissing,
        OrchestrationFailed,
        OrchestrationStuck,
        NotReconciled,
        ClusterAway,
        ClusterSlow,
        ClusterGone,
        ObjectForeign,
        ObjectElsewhere,
        RoleGrown,
        RoleGrownDangerously,
        BindingMissing,
        BindingEdited,
        BindingReturned,
        BindingStray,
        ObjectUnknown,
        ReviewOverdue,
        AuditIdReused,
    ];
}
