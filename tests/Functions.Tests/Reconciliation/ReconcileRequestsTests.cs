using System.Security.Cryptography;
using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Scopes;
using JitFunctions.Functions.Clusters;
using JitFunctions.Functions.Lifecycle;
using JitFunctions.Functions.Monitoring;
using JitFunctions.Functions.Reconciliation;
using JitFunctions.LocalStack;
using JitFunctions.Projections;
using Marten;
using Microsoft.AspNetCore.Builder;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace JitFunctions.Functions.Tests.Reconciliation;

/// <summary>
/// A request whose orchestration does not do what is due. Nothing in the cluster is at stake here, so no cluster is
/// needed.
/// </summary>
public sealed class ReconcileRequestsTests(EventStoreFixture store) : IClassFixture<EventStoreFixture>, IAsyncDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly Principal Alice = new("https://issuer#a1", "alice@example.com");

    private readonly FakeTimeProvider _clock = new(Noon);
    private readonly RecordingClient _engine = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    [Fact]
    public async Task A_stuck_orchestration_is_nudged_then_terminated_and_replaced_and_all_of_it_reported()
    {
        var id = await PendingAsync();
        _engine.Holds(id, OrchestrationRuntimeStatus.Running, createdAt: Noon);
        _clock.Advance(TimeSpan.FromHours(4) + TimeSpan.FromMinutes(1));
        var found = _clock.GetUtcNow();

        for (var minute = 0; minute < 3; minute++)
        {
            Assert.Equal((FindingKind.OrchestrationStuck, found), await RunAsync(id));
            _clock.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(["nudge", "nudge", "nudge"], _engine.Did(id));
        Assert.Equal((FindingKind.OrchestrationStuck, found), await RunAsync(id));
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal((FindingKind.OrchestrationMissing, _clock.GetUtcNow()), await RunAsync(id));
        Assert.Equal(["nudge", "nudge", "nudge", "terminate", "start"], _engine.Did(id));
    }

    [Fact]
    public async Task A_young_orchestration_is_given_its_time_however_long_the_request_has_waited()
    {
        var id = await PendingAsync();
        _engine.Holds(id, OrchestrationRuntimeStatus.Running, createdAt: Noon);
        _clock.Advance(TimeSpan.FromHours(5));
        await RunAsync(id);
        _clock.Advance(TimeSpan.FromHours(1));
        _engine.Holds(id, OrchestrationRuntimeStatus.Running, createdAt: _clock.GetUtcNow());

        await RunAsync(id);

        Assert.DoesNotContain("terminate", _engine.Did(id));
    }

    [Theory]
    [InlineData(OrchestrationRuntimeStatus.Failed, FindingKind.OrchestrationFailed)]
    [InlineData(OrchestrationRuntimeStatus.Terminated, FindingKind.OrchestrationMissing)]
    [InlineData(OrchestrationRuntimeStatus.Completed, FindingKind.OrchestrationMissing)]
    public async Task An_orchestration_that_ended_before_its_request_is_started_anew_and_reported(
        OrchestrationRuntimeStatus status,
        string kind
    )
    {
        var id = await PendingAsync();
        _engine.Holds(id, status, createdAt: Noon);
        _clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal((kind, _clock.GetUtcNow()), await RunAsync(id));
        Assert.Equal(["start"], _engine.Did(id));
    }

    [Fact]
    public async Task What_goes_well_is_not_in_the_report()
    {
        var id = await PendingAsync();
        _engine.Holds(id, OrchestrationRuntimeStatus.Running, createdAt: Noon);
        _clock.Advance(TimeSpan.FromHours(1));

        Assert.Null(await RunAsync(id));
        Assert.Empty(_engine.Did(id));
    }

    [Fact]
    public async Task A_request_that_cannot_be_looked_after_is_reported_and_keeps_nothing_from_the_others()
    {
        var broken = await PendingAsync();
        _engine.Breaks(broken);
        var other = await PendingAsync();
        _clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal((FindingKind.NotReconciled, _clock.GetUtcNow()), await RunAsync(broken));
        Assert.Equal(["start"], _engine.Did(other));
    }

    [Fact]
    public async Task Without_the_table_of_reports_the_work_is_done_all_the_same()
    {
        var id = await PendingAsync();
        _clock.Advance(TimeSpan.FromMinutes(1));
        await using var database = NpgsqlDataSource.Create(store.ConnectionString);
        using var older = DocumentStore.For(options => EventStore.Configure(options, database, createSchema: false));
        await RunAsync(id); // makes the table
        await database
            .CreateCommand("alter table jit.mt_doc_reconcilerreport rename to gone")
            .ExecuteNonQueryAsync(Cancellation);

        await RunAsync(older);

        await database
            .CreateCommand("alter table jit.gone rename to mt_doc_reconcilerreport")
            .ExecuteNonQueryAsync(Cancellation);
        Assert.Equal(["start", "start"], _engine.Did(id));
    }

    [Fact]
    public async Task A_cluster_that_hangs_keeps_the_run_no_longer_than_its_limit_and_the_try_is_recorded()
    {
        using var files = new SettingsFiles();
        await using var hanging = await HangingClusterAsync(() =>
            _clock.Advance(OverdueGrants.TimeLimit + ClusterClient.CallTimeout)
        );
        using var clusters = TestClusters.At(new(hanging.Urls.Single()), files.Folder);
        var id = await ExpiredAsync();

        // Asked one after the other, and each until its time-out, fifty places take minutes.
        await RunAsync(store.Documents, clusters).WaitAsync(TimeSpan.FromSeconds(20), Cancellation);

        await using var session = store.Documents.QuerySession();
        var details = await session.LoadAsync<RequestDetails>(id, Cancellation);
        Assert.Equal((RequestStatus.Ending, 1), (details!.Status, details.Trouble?.Attempts));
        Assert.Equal("demo did not answer in time.", details.Trouble!.Detail);
    }

    [Fact]
    public async Task Rows_of_a_request_that_another_version_ended_are_removed()
    {
        var id = await PendingAsync();
        await using (var session = store.Documents.LightweightSession())
        {
            var (row, notice) = (
                await session.LoadAsync<OpenRequest>(id, Cancellation),
                await session.LoadAsync<ReviewNotice>(id, Cancellation)
            );
            await session.Handle(
                id,
                new AccessRequestCommand.Withdraw(new(Alice, []), null, Noon),
                new Provenance(Alice, "api", null),
                Cancellation
            );
            await using var other = store.Documents.LightweightSession();
            other.Store(row!);
            other.Store(notice!);
            await other.SaveChangesAsync(Cancellation);
        }

        var open = await PendingAsync();
        await RunAsync(store.Documents);

        await using var after = store.Documents.QuerySession();
        Assert.Null(await after.LoadAsync<OpenRequest>(id, Cancellation));
        Assert.Null(await after.LoadAsync<ReviewNotice>(id, Cancellation));
        Assert.NotNull(await after.LoadAsync<OpenRequest>(open, Cancellation));
        Assert.NotNull(await after.LoadAsync<ReviewNotice>(open, Cancellation));
    }

    private static async Task<WebApplication> HangingClusterAsync(Action called)
    {
        var site = LoopbackSite.Build(new($"http://127.0.0.1:{FreePort.Next()}"));
        site.Run(async call =>
        {
            called();
            await Task.Delay(Timeout.InfiniteTimeSpan, call.RequestAborted)
                .ContinueWith(_ => { }, TaskScheduler.Default);
        });
        await site.StartAsync(Cancellation);
        return site;
    }

    private async Task<string> ExpiredAsync()
    {
        var id = RequestId.FromBytes(RandomNumberGenerator.GetBytes(12));
        var scope = new Scope(
            "demo",
            [.. Enumerable.Range(0, 50).Select(i => $"payments-{i}")],
            false,
            new RoleRef(RoleKind.ClusterRole, "edit")
        );
        var policy = new PolicySnapshot("p", "sha256:00", false, ["leads"], 1, TimeSpan.FromHours(4));
        var at = Noon.AddHours(-1);
        await using var session = store.Documents.LightweightSession();
        await session.Open(
            id,
            [
                new AccessRequestEvent.Requested(
                    Alice,
                    [],
                    new(scope, TimeSpan.FromMinutes(30), "why", null),
                    policy,
                    at.AddHours(4),
                    id,
                    at
                ),
                new AccessRequestEvent.Approved(true, at.AddHours(1), at),
                new AccessRequestEvent.ActivationStarted(at),
                new AccessRequestEvent.Activated(at.AddMinutes(30), [], at),
            ],
            new Provenance(Alice, "api", null),
            Cancellation
        );
        return id;
    }

    private async Task<string> PendingAsync()
    {
        var id = RequestId.FromBytes(RandomNumberGenerator.GetBytes(12));
        var terms = new RequestTerms(
            new Scope("demo", ["payments"], false, new RoleRef(RoleKind.ClusterRole, "edit")),
            TimeSpan.FromMinutes(30),
            "why",
            null
        );
        var policy = new PolicySnapshot("p", "sha256:00", false, ["leads"], 1, TimeSpan.FromHours(4));
        await using var session = store.Documents.LightweightSession();
        await session.Open(
            id,
            [new AccessRequestEvent.Requested(Alice, [], terms, policy, Noon.AddHours(4), id, Noon)],
            new Provenance(Alice, "api", null),
            Cancellation
        );
        return id;
    }

    private async Task<(string Kind, DateTimeOffset Since)?> RunAsync(string id)
    {
        await RunAsync(store.Documents);
        await using var session = store.Documents.QuerySession();
        var report = await session.LoadAsync<ReconcilerReport>(nameof(ReconcileRequests), Cancellation);
        Assert.Equal(_clock.GetUtcNow(), report!.StartedAt);
        return report.Findings.SingleOrDefault(found => found.Subject == id) is { } finding
            ? (finding.Kind, finding.Since)
            : null;
    }

    private async Task RunAsync(IDocumentStore documents, ClusterConnections? clusters = null)
    {
        // Activation and revocation are for requests that may hold rights.
        var commands = new SystemCommands(documents);
        var revocation = clusters is null
            ? null
            : new GrantRevocation(commands, clusters, new(), _clock, NullLogger<GrantRevocation>.Instance);
        var seen = new NodeHealth(_clock);
        using var measurements = new Measurements(seen, ["demo"]);
        var overdue = new OverdueGrants(
            documents,
            commands,
            null!,
            revocation!,
            _clock,
            NullLogger<OverdueGrants>.Instance
        );
        await new ReconcileRequests(
            documents,
            overdue,
            seen,
            measurements,
            _clock,
            NullLogger<ReconcileRequests>.Instance
        ).Run(new(), _engine, Cancellation);
    }
}
