using System.Diagnostics.Metrics;
using JitFunctions.Domain.Scopes;
using JitFunctions.Projections;

namespace JitFunctions.Functions.Monitoring;

/// <summary>The metric instruments. Without a listener, a measurement costs almost nothing.</summary>
public sealed class Measurements : IDisposable
{
    // From seconds to a working day.
    private static readonly double[] ApprovalBuckets = [1, 5, 15, 60, 300, 900, 1800, 3600, 7200, 14400, 28800, 86400];

    // Milliseconds are usual, a minute is the longest pause between two tries, ten minutes are critical.
    private static readonly double[] LagBuckets = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600];

    private readonly Meter _meter = new(Metrics.Meter);
    private readonly IReadOnlySet<string> _clusters;
    private readonly Histogram<double> _approval;
    private readonly Histogram<double> _activation;
    private readonly Histogram<double> _revocation;
    private readonly Counter<long> _finished;
    private readonly Counter<long> _findings;
    private readonly Counter<long> _auditEvents;
    private readonly Counter<long> _auditRefused;

    /// <param name="clusters">The names of the clusters in the settings.</param>
    public Measurements(NodeHealth seen, IEnumerable<string> clusters)
    {
        _clusters = clusters.ToHashSet();
        _approval = Histogram(Metrics.ApprovalDuration, ApprovalBuckets);
        _activation = Histogram(Metrics.ActivationLag, LagBuckets);
        _revocation = Histogram(Metrics.RevocationLag, LagBuckets);
        _finished = _meter.CreateCounter<long>(Metrics.RequestsFinished, UnitOf(Metrics.RequestsFinished));
        _findings = _meter.CreateCounter<long>(Metrics.ReconcilerFindings, UnitOf(Metrics.ReconcilerFindings));
        _auditEvents = _meter.CreateCounter<long>(Metrics.AuditEvents, UnitOf(Metrics.AuditEvents));
        _auditRefused = _meter.CreateCounter<long>(Metrics.AuditRefused, UnitOf(Metrics.AuditRefused));

        _meter.CreateObservableGauge(
            Metrics.Requests,
            () => seen.Backlog is { } backlog ? States(backlog) : [],
            UnitOf(Metrics.Requests)
        );
        _meter.CreateObservableGauge(
            Metrics.GrantsOverdue,
            () => seen.Backlog is { } backlog ? Overdue(backlog) : [],
            UnitOf(Metrics.GrantsOverdue)
        );
        _meter.CreateObservableGauge(Metrics.OutboxAge, () => Outbox(seen), UnitOf(Metrics.OutboxAge));
        _meter.CreateObservableGauge(Metrics.LogBehind, () => Behind(seen), UnitOf(Metrics.LogBehind));
        _meter.CreateObservableGauge(Metrics.LogFailing, () => Failing(seen), UnitOf(Metrics.LogFailing));
        _meter.CreateObservableGauge(
            Metrics.ReconcilerLastRun,
            () => LastRuns(seen),
            UnitOf(Metrics.ReconcilerLastRun)
        );
    }

    /// <summary>For tests, which listen to this meter only.</summary>
    internal Meter Meter => _meter;

    public void Decided(TimeSpan took, string outcome) => _approval.Record(Seconds(took), Tag(Label.Outcome, outcome));

    public void Activated(TimeSpan lag, string cluster) =>
        _activation.Record(Seconds(lag), Tag(Label.Cluster, ClusterLabel(cluster)));

    /// <param name="outcome">The result of the check whether the rights are gone.</param>
    public void Revoked(TimeSpan lag, string cause, string cluster, string outcome) =>
        _revocation.Record(
            Seconds(lag),
            Tag(Label.Cause, cause),
            Tag(Label.Cluster, ClusterLabel(cluster)),
            Tag(Label.Outcome, outcome)
        );

    public void Finished(RequestStatus status) => _finished.Add(1, Tag(Label.State, JsonForm.Name(status)));

    /// <param name="kind">One of <see cref="FindingKind"/>.</param>
    public void Found(string kind, int count = 1) => _findings.Add(count, Tag(Label.Kind, kind));

    public void Found(IEnumerable<string> kinds)
    {
        foreach (var kind in kinds)
            Found(kind);
    }

    /// <summary>A delivery of an audit log is stored. A repeat counts again.</summary>
    public void Received(string cluster, RecordedDelivery delivery)
    {
        Add("kept", delivery.Kept);
        Add("gap", delivery.Gaps);
        Add("counted", delivery.Counted);

        void Add(string kind, long count)
        {
            if (count > 0)
                _auditEvents.Add(count, Tag(Label.Cluster, ClusterLabel(cluster)), Tag(Label.Kind, kind));
        }
    }

    /// <summary>A delivery of an audit log was not acknowledged, and has to be sent again.</summary>
    /// <param name="cause"><c>busy</c>, <c>slow</c>, <c>store</c> or <c>broken</c>.</param>
    public void AuditRefused(string cluster, string cause) =>
        _auditRefused.Add(1, Tag(Label.Cluster, ClusterLabel(cluster)), Tag(Label.Cause, cause));

    public void Dispose() => _meter.Dispose();

    private Histogram<double> Histogram(string name, double[] buckets) =>
        _meter.CreateHistogram(
            name,
            UnitOf(name),
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = buckets }
        );

    private static IEnumerable<Measurement<long>> States(Backlog backlog) =>
        backlog.States.Select(state => new Measurement<long>(state.Value, Tag(Label.State, JsonForm.Name(state.Key))));

    // Zeros are reported too: an alert cannot distinguish a missing value from zero.
    private IEnumerable<Measurement<long>> Overdue(Backlog backlog) =>
        _clusters
            .ToDictionary(cluster => cluster, _ => 0)
            .Concat(backlog.Overdue)
            .GroupBy(cluster => ClusterLabel(cluster.Key), cluster => cluster.Value)
            .Select(cluster => new Measurement<long>(cluster.Sum(), Tag(Label.Cluster, cluster.Key)));

    private static IEnumerable<Measurement<double>> Outbox(NodeHealth seen)
    {
        if (seen.OldestNotice is { } notice)
            yield return new(notice.TotalSeconds, Tag(Label.Kind, "notice"));
        if (seen.Backlog is { } backlog)
            yield return new(backlog.OldestStep.TotalSeconds, Tag(Label.Kind, "step"));
    }

    private static IEnumerable<Measurement<double>> Behind(NodeHealth seen)
    {
        if (seen.LogBehind is { } behind)
            yield return new(behind.TotalSeconds);
    }

    private static IEnumerable<Measurement<long>> Failing(NodeHealth seen)
    {
        if (seen.LogWorks is { } works)
            yield return new(works ? 0 : 1);
    }

    private static IEnumerable<Measurement<double>> LastRuns(NodeHealth seen)
    {
        foreach (var schedule in NodeHealth.Schedules)
        {
            if (seen.SinceLastRun(schedule) is { } ago)
                yield return new(ago.TotalSeconds, Tag(Label.Schedule, schedule));
        }
    }

    private string ClusterLabel(string cluster) => _clusters.Contains(cluster) ? cluster : Label.OtherCluster;

    // The clocks of two nodes differ: a duration is never negative.
    private static double Seconds(TimeSpan lag) => Math.Max(0, lag.TotalSeconds);

    private static string UnitOf(string metric) => Metrics.All.Single(known => known.Name == metric).Unit;

    private static KeyValuePair<string, object?> Tag(string key, string value) => new(key, value);
}
