using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Scopes;
using JitFunctions.Functions.Monitoring;
using JitFunctions.Functions.Reconciliation;
using JitFunctions.Projections;
using Microsoft.Extensions.Time.Testing;

namespace JitFunctions.Functions.Tests.Monitoring;

public sealed class GaugeTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    private static readonly RequestDetails Request = new(
        "3f9k2m7xq0ab",
        1,
        RequestStatus.Pending,
        new("issuer#alice", "alice"),
        new(
            new Scope("demo", ["payments"], false, new(RoleKind.ClusterRole, "edit")),
            TimeSpan.FromMinutes(30),
            "why",
            null
        ),
        new PolicySnapshot("p", "v", false, ["leads"], 1, TimeSpan.FromHours(4)),
        Noon,
        Noon.AddHours(4)
    );

    private readonly FakeTimeProvider _clock = new(Noon);
    private readonly NodeHealth _seen;
    private readonly Measurements _measurements;
    private readonly MeterReader _meter;

    public GaugeTests()
    {
        _seen = new(_clock);
        _measurements = new(_seen, ["demo", "prod"]);
        _meter = new(_measurements);
    }

    public void Dispose()
    {
        _meter.Dispose();
        _measurements.Dispose();
    }

    [Fact]
    public void Requests_are_counted_by_state_and_zeros_are_told_too()
    {
        _seen.Backlog = Count(Noon, Request, Request, Active(Noon.AddMinutes(5)));
        var gauges = _meter.Gauges();
        Assert.Equal(
            (2, 0, 0, 1, 0),
            (
                gauges["jit.requests{state=pending}"],
                gauges["jit.requests{state=approved}"],
                gauges["jit.requests{state=activating}"],
                gauges["jit.requests{state=active}"],
                gauges["jit.requests{state=ending}"]
            )
        );
        Assert.Equal((0, 0), (gauges["jit.grants.overdue{cluster=demo}"], gauges["jit.grants.overdue{cluster=prod}"]));
    }

    [Theory]
    [InlineData(9, 0)]
    [InlineData(11, 1)]
    public void A_grant_past_its_expiry_is_overdue_once_the_orchestration_has_had_its_time(int seconds, int overdue)
    {
        _seen.Backlog = Count(Noon.AddSeconds(seconds), Active(Noon));
        Assert.Equal(overdue, _meter.Gauges()["jit.grants.overdue{cluster=demo}"]);
    }

    [Fact]
    public void A_grant_whose_removal_is_being_tried_stays_overdue_until_it_is_proven()
    {
        var ending = Active(Noon) with
        {
            Status = RequestStatus.Ending,
            Ending = new(EndingCause.Expired, Principal.System, null, Noon.AddSeconds(1)),
            Trouble = new("revocation-delayed", "away", 9, AlarmLevel.Error, Noon, Noon.AddSeconds(20)),
        };
        Assert.False(LiveRequest.Of(ending).OutlivesExpiry(Noon.AddSeconds(30)), "the orchestration is at it");
        _seen.Backlog = Count(
            Noon.AddSeconds(30),
            ending,
            ending with
            {
                Terms = ending.Terms with { Scope = ending.Terms.Scope with { Cluster = "gone" } },
            }
        );

        var gauges = _meter.Gauges();
        Assert.Equal(
            (1, 0, 1),
            (
                gauges["jit.grants.overdue{cluster=demo}"],
                gauges["jit.grants.overdue{cluster=prod}"],
                gauges["jit.grants.overdue{cluster=other}"]
            )
        );
    }

    [Fact]
    public void The_oldest_step_is_one_that_is_due_and_that_nobody_has_tried()
    {
        var approved = Request with
        {
            Status = RequestStatus.Approved,
            ApprovedAt = Noon.AddSeconds(-40),
            ActivateBy = Noon.AddHours(1),
        };
        var planned = approved with { Terms = approved.Terms with { Start = Noon.AddHours(1) } };
        var tried = approved with
        {
            ApprovedAt = Noon.AddHours(-1),
            Trouble = new("activation-delayed", "away", 1, AlarmLevel.Warning, Noon, Noon),
        };

        Assert.Equal(
            TimeSpan.FromSeconds(40),
            Count(Noon, Request, planned, tried, approved, Active(Noon.AddSeconds(-10))).OldestStep
        );
        Assert.Equal(TimeSpan.Zero, Count(Noon, Request, planned, tried, Active(Noon.AddMinutes(1))).OldestStep);
        Assert.Equal(TimeSpan.Zero, Count(Noon).OldestStep);
    }

    [Fact]
    public void A_node_that_has_not_looked_lately_says_nothing_rather_than_what_was()
    {
        _seen.Backlog = Count(Noon.AddMinutes(1), Active(Noon));
        _seen.OldestNotice = TimeSpan.FromMinutes(9);
        Assert.Equal(
            (1, 540),
            (_meter.Gauges()["jit.grants.overdue{cluster=demo}"], _meter.Gauges()["jit.outbox.age{kind=notice}"])
        );

        _clock.Advance(NodeHealth.GoodFor);
        Assert.Empty(_meter.Gauges());
    }

    // Else a node that crashes and starts again each minute would tell of a minute, whatever has not been done for
    // hours.
    [Fact]
    public void The_last_run_is_told_from_the_first_finish_on_and_a_failure_does_not_reset_it()
    {
        _clock.Advance(TimeSpan.FromSeconds(30));
        _seen.ScheduleFinished(nameof(ReconcileRequests));
        _clock.Advance(TimeSpan.FromSeconds(40));
        _seen.ScheduleFailed(nameof(ReconcileRequests));
        _seen.ScheduleFailed(nameof(ReconcilePolicies));

        Assert.Equal(
            ("jit.reconciler.last_run{schedule=ReconcileRequests}", 40.0),
            Assert.Single(_meter.Gauges().Select(gauge => (gauge.Key, gauge.Value)))
        );
        Assert.False(_seen.AllSchedulesWork);
    }

    [Fact]
    public void What_was_seen_of_schedules_and_clusters_counts_for_as_long_as_it_is_new()
    {
        Assert.Equal((null, null), (_seen.AllSchedulesWork, _seen.AllClustersAnswer));
        foreach (var schedule in NodeHealth.Schedules.Skip(1))
            _seen.ScheduleFinished(schedule);
        Assert.Null(_seen.AllSchedulesWork);
        _seen.ScheduleFinished(NodeHealth.Schedules[0]);
        _seen.ClusterAnswered("demo", true);
        Assert.Equal((true, true), (_seen.AllSchedulesWork, _seen.AllClustersAnswer));

        _clock.Advance(NodeHealth.GoodFor);
        Assert.Equal((null, null), (_seen.AllSchedulesWork, _seen.AllClustersAnswer));
        _seen.ScheduleFailed(NodeHealth.Schedules[0]);
        _seen.ClusterAnswered("prod", false);
        Assert.Equal((false, false), (_seen.AllSchedulesWork, _seen.AllClustersAnswer));

        _clock.Advance(NodeHealth.GoodFor);
        Assert.Equal((null, null), (_seen.AllSchedulesWork, _seen.AllClustersAnswer));
    }

    private static Backlog Count(DateTimeOffset now, params RequestDetails[] live) =>
        Backlog.Of(live.Select(LiveRequest.Of), now);

    private static RequestDetails Active(DateTimeOffset expiresAt) =>
        Request with
        {
            Status = RequestStatus.Active,
            ApprovedAt = Noon.AddHours(-1),
            ExpiresAt = expiresAt,
        };
}
