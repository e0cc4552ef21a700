namespace JitFunctions.Functions.Monitoring;

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

    /// <summary>A cluster was compared, and not to the end: there was not time enough.</summary>
    public const string ClusterSlow = "cluster-slow";

    /// <summary>Live requests are for a cluster of which the name is not configured.</summary>
    public const string ClusterGone = "cluster-gone";

    /// <summary>
    /// Objects that another installation may have made, or somebody in its name; they are left alone.
    /// </summary>
    public const string ObjectForeign = "object-foreign";

    /// <summary>An object that names a live grant of another cluster; it is left alone until that grant ends.</summary>
    public const string ObjectElsewhere = "object-elsewhere";

    /// <summary>The role of an active grant allows more than was approved.</summary>
    public const string RoleGrown = "role-grown";

    /// <summary>
    /// The same, and what it allows leads to more rights; the grant ends, unless its policy says otherwise.
    /// </summary>
    public const string RoleGrownDangerously = "role-grown-dangerously";

    /// <summary>
    /// A binding of a live grant is gone, or its Role, Secret or service account; so with the other two of bindings.
    /// This and what follows is an event too, and in no report.
    /// </summary>
    public const string BindingMissing = "binding-missing";

    /// <summary>
    /// A binding of a live grant said something else than it should; it is restored, or else removed.
    /// </summary>
    public const string BindingEdited = "binding-edited";

    /// <summary>
    /// A binding of a live grant that was gone is there again, as it was approved; the app did not put it back.
    /// </summary>
    public const string BindingReturned = "binding-returned";

    /// <summary>A binding of a grant that has none any more; it is removed.</summary>
    public const string BindingStray = "binding-stray";

    /// <summary>An object that claims to be ours, for a request that there never was; it is removed.</summary>
    public const string ObjectUnknown = "object-unknown";

    /// <summary>The review that break-glass owes was not given in time.</summary>
    public const string ReviewOverdue = "review-overdue";

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
    ];
}
