namespace JitFunctions.Functions.Monitoring;

public enum MetricKind
{
    Gauge,
    Counter,
    Histogram,
}

/// <param name="Unit">In UCUM, as OpenTelemetry writes units.</param>
/// <param name="Labels">All labels that a measurement may have; the values of each are bounded.</param>
public sealed record Metric(string Name, MetricKind Kind, string Unit, IReadOnlyList<string> Labels);

/// <summary>
/// The names of all metrics of the app. Alert rules and dashboards depend on them; docs/operations.md explains each.
/// </summary>
public static class Metrics
{
    public const string Meter = "JitFunctions";

    public const string Requests = "jit.requests";
    public const string RequestsFinished = "jit.requests.finished";
    public const string ApprovalDuration = "jit.approval.duration";
    public const string ActivationLag = "jit.activation.lag";
    public const string RevocationLag = "jit.revocation.lag";
    public const string GrantsOverdue = "jit.grants.overdue";
    public const string ReconcilerFindings = "jit.reconciler.findings";
    public const string ReconcilerLastRun = "jit.reconciler.last_run";
    public const string OutboxAge = "jit.outbox.age";
    public const string LogBehind = "jit.log.behind";
    public const string LogFailing = "jit.log.failing";
    public const string AuditEvents = "jit.audit.events";
    public const string AuditRefused = "jit.audit.refused";

    public static readonly IReadOnlyList<Metric> All =
    [
        new(Requests, MetricKind.Gauge, "{request}", [Label.State]),
        new(RequestsFinished, MetricKind.Counter, "{request}", [Label.State]),
        new(ApprovalDuration, MetricKind.Histogram, "s", [Label.Outcome]),
        new(ActivationLag, MetricKind.Histogram, "s", [Label.Cluster]),
        new(RevocationLag, MetricKind.Histogram, "s", [Label.Cause, Label.Cluster, Label.Outcome]),
        new(GrantsOverdue, MetricKind.Gauge, "{grant}", [Label.Cluster]),
        new(ReconcilerFindings, MetricKind.Counter, "{finding}", [Label.Kind]),
        new(ReconcilerLastRun, MetricKind.Gauge, "s", [Label.Schedule]),
        new(OutboxAge, MetricKind.Gauge, "s", [Label.Kind]),
        new(LogBehind, MetricKind.Gauge, "s", []),
        new(LogFailing, MetricKind.Gauge, "1", []),
        new(AuditEvents, MetricKind.Counter, "{event}", [Label.Cluster, Label.Kind]),
        new(AuditRefused, MetricKind.Counter, "{delivery}", [Label.Cluster, Label.Cause]),
    ];
}

/// <summary>
/// The keys of labels. No value ever contains a person, a request, a namespace or a text that somebody wrote.
/// </summary>
public static class Label
{
    public const string State = "state";
    public const string Outcome = "outcome";
    public const string Cause = "cause";

    /// <summary>A cluster name from the settings, or <see cref="OtherCluster"/>.</summary>
    public const string Cluster = "cluster";

    public const string Kind = "kind";
    public const string Schedule = "schedule";

    /// <summary>A cluster that is not configured any more.</summary>
    public const string OtherCluster = "other";
}
