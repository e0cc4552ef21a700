using System.Diagnostics;
using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Scopes;
using JitFunctions.Functions.Monitoring;
using JitFunctions.Projections;
using Marten;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using static JitFunctions.Domain.Requests.AccessRequestEvent;

namespace JitFunctions.Functions.Tests.Monitoring;

public sealed class EventWatchTests : IClassFixture<EventStoreFixture>, IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    private static readonly Principal Bob = new("https://issuer#b1", "bob@example.com");
    private static readonly DenialProof Proof = new(DenialVerdict.Denied, "asked");

    private readonly NpgsqlDataSource _database;
    private readonly DocumentStore _documents;
    private readonly Measurements _measurements = new(new NodeHealth(TimeProvider.System), ["demo", "prod"]);
    private readonly MeterReader _meter;

    public EventWatchTests(EventStoreFixture store)
    {
        _meter = new MeterReader(_measurements);
        _database = NpgsqlDataSource.Create(store.ConnectionString);
        _documents = DocumentStore.For(options =>
        {
            EventStore.Configure(options, _database, createSchema: true);
            options.Listeners.Add(new EventWatch(_measurements, NullLogger<EventWatch>.Instance));
        });
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _documents.Dispose();
        _database.Dispose();
        _meter.Dispose();
        _measurements.Dispose();
    }

    [Fact]
    public async Task Durations_are_measured_from_the_due_time_to_the_completion_of_each_step()
    {
        var id = await AskAsync("demo");
        await AppendAsync(id, new Approved(false, Noon.AddHours(1), Noon.AddSeconds(90)));
        await AppendAsync(id, new ActivationStarted(Noon.AddSeconds(91)));
        await AppendAsync(id, new Activated(Noon.AddMinutes(30), [], Noon.AddSeconds(92)));
        await AppendAsync(
            id,
            new EndingStarted(EndingCause.Expired, Principal.System, null, Noon.AddMinutes(30).AddSeconds(1))
        );
        await AppendAsync(id, new Ended(EndingCause.Expired, Proof, Noon.AddMinutes(30).AddSeconds(3)));

        Assert.Equal(
            [
                (Metrics.ApprovalDuration + "{outcome=approved}", 90),
                (Metrics.ActivationLag + "{cluster=demo}", 2),
                (Metrics.RevocationLag + "{cause=expired,cluster=demo,outcome=denied}", 3),
                (Metrics.RequestsFinished + "{state=ended}", 1),
            ],
            _meter.Readings.Select(reading => (reading.Text, reading.Value))
        );
    }

    [Fact]
    public async Task A_planned_start_is_what_activation_is_measured_from_and_a_revocation_what_its_removal_is()
    {
        var id = await AskAsync("prod", start: Noon.AddMinutes(10));
        await AppendAsync(id, new Approved(false, Noon.AddHours(1), Noon.AddMinutes(1)));
        await AppendAsync(id, new Activated(Noon.AddMinutes(40), [], Noon.AddMinutes(10).AddSeconds(4)));
        await AppendAsync(id, new EndingStarted(EndingCause.Revoked, Bob, null, Noon.AddMinutes(20)));
        await AppendAsync(
            id,
            new Ended(
                EndingCause.Revoked,
                Proof with
                {
                    Verdict = DenialVerdict.StillAllowed,
                },
                Noon.AddMinutes(20).AddSeconds(7)
            )
        );

        Assert.Equal((4, "prod"), Only(Metrics.ActivationLag, Label.Cluster));
        Assert.Equal((7, "revoked"), Only(Metrics.RevocationLag, Label.Cause));
        Assert.Equal((7, "stillAllowed"), Only(Metrics.RevocationLag, Label.Outcome));
    }

    [Fact]
    public async Task Nothing_is_measured_of_what_was_not_stored()
    {
        var id = await AskAsync("demo");
        await using (var session = _documents.LightweightSession())
        {
            session.Events.Append(id, 99, new Denied(Bob, null, Noon.AddSeconds(5)));
            await Assert.ThrowsAnyAsync<JasperFx.ConcurrencyException>(() => session.SaveChangesAsync(Cancellation));
        }

        Assert.Empty(_meter.Readings);
    }

    [Fact]
    public async Task However_many_people_requests_and_namespaces_there_are_the_series_stay_few()
    {
        for (var i = 0; i < 40; i++)
        {
            var id = await AskAsync($"cluster-{i}", $"ns-{i}", $"person-{i}");
            await AppendAsync(
                id,
                new Approved(i % 2 == 0, Noon.AddHours(1), Noon.AddSeconds(i)),
                new Activated(Noon.AddMinutes(30), [], Noon.AddSeconds(i + 1))
            );
            await AppendAsync(
                id,
                new DriftFound(
                    new Drift((DriftKind)(i % 3), $"ns-{i}", $"jit-{id}", "detail of it", DriftRemedy.Reported),
                    Noon
                ),
                new EndingStarted((EndingCause)(i % 3), Bob, "because", Noon.AddMinutes(i)),
                new Ended((EndingCause)(i % 3), Proof, Noon.AddMinutes(i + 1))
            );
        }

        Assert.True(_meter.Readings.Count >= 5 * 40, $"{_meter.Readings.Count} measurements");
        Assert.Each(
            _meter.Readings,
            reading =>
                Assert.Equal(
                    Metrics.All.Single(metric => metric.Name == reading.Metric).Labels.Order(),
                    reading.Labels.Keys.Order()
                )
        );
        Assert.Equal(
            [
                "jit.activation.lag{cluster=other}",
                "jit.approval.duration{outcome=approved}",
                "jit.approval.duration{outcome=automatic}",
                "jit.reconciler.findings{kind=binding-edited}",
                "jit.reconciler.findings{kind=binding-missing}",
                "jit.reconciler.findings{kind=binding-stray}",
                "jit.requests.finished{state=ended}",
                "jit.revocation.lag{cause=expired,cluster=other,outcome=denied}",
                "jit.revocation.lag{cause=relinquished,cluster=other,outcome=denied}",
                "jit.revocation.lag{cause=revoked,cluster=other,outcome=denied}",
            ],
            _meter.Readings.Select(reading => reading.Text).Distinct().Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task The_trace_is_told_the_events_and_nothing_of_their_content()
    {
        using var work = new Activity("work").Start();
        Activity? told = null;
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == EventWatch.Source,
            Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
                options.Parent.TraceId == work.TraceId ? ActivitySamplingResult.AllData : ActivitySamplingResult.None,
            // Others may listen to other tests' as well.
            ActivityStopped = span => told = span.TraceId == work.TraceId ? span : told,
        };
        ActivitySource.AddActivityListener(listener);
        var id = await AskAsync("demo", "team-secret", "mallory");

        Assert.Equal(("append events", work.SpanId), (told!.DisplayName, told.ParentSpanId));
        Assert.Equal(["access_requested"], told.Events.Select(e => e.Name));
        Assert.Each(told.Events, e => Assert.Empty(e.Tags));
        Assert.Equal(
            [("jit.request", id), ("jit.cluster", "demo"), ("jit.status", "pending")],
            told.TagObjects.Select(tag => (tag.Key, (string)tag.Value!))
        );
    }

    private async Task<string> AskAsync(
        string cluster,
        string ns = "payments",
        string requester = "alice",
        DateTimeOffset? start = null
    )
    {
        var id = RequestId.FromBytes(Guid.NewGuid().ToByteArray().AsSpan(0, 12));
        var terms = new RequestTerms(
            new Scope(cluster, [ns], false, new(RoleKind.ClusterRole, "edit")),
            TimeSpan.FromMinutes(30),
            "why not",
            null
        )
        {
            Start = start,
        };
        var asked = new Requested(
            new($"issuer#{requester}", requester),
            [],
            terms,
            new PolicySnapshot("p", "v", false, ["leads"], 1, TimeSpan.FromHours(4)),
            Noon.AddHours(4),
            "f",
            Noon
        );
        await using var session = _documents.LightweightSession();
        await session.Open(id, [asked], new(new($"issuer#{requester}", requester), "api", null), Cancellation);
        return id;
    }

    private async Task AppendAsync(string id, params AccessRequestEvent[] events)
    {
        await using var session = _documents.LightweightSession();
        session.Events.Append(id, events.Cast<object>());
        await session.SaveChangesAsync(Cancellation);
    }

    private (double Value, string Label) Only(string metric, string label)
    {
        var reading = Assert.Single(_meter.Of(metric));
        return (reading.Value, reading.Labels[label]);
    }
}
