using System.Net;
using System.Net.Sockets;
using JitFunctions.Functions.Http.Health;
using JitFunctions.Functions.Monitoring;
using JitFunctions.Functions.Platform.SignIn;
using JitFunctions.Functions.Policies;
using JitFunctions.Functions.Tests.Platform.SignIn;
using JitFunctions.PolicyReading;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace JitFunctions.Functions.Tests.Http.Health;

public sealed class ReadinessTests(EventStoreFixture store) : IClassFixture<EventStoreFixture>, IAsyncLifetime
{
    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());
    private readonly Source _source = new();
    private readonly NodeHealth _seen = new(TimeProvider.System);
    private readonly List<IDisposable> _parts = [];
    private TestIssuer _issuer = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _issuer = await TestIssuer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        _parts.ForEach(part => part.Dispose());
        await _issuer.DisposeAsync();
    }

    [Fact]
    public async Task A_node_that_has_all_it_needs_is_ready()
    {
        var report = await Node(store.ConnectionString).GetAsync(Cancellation);
        Assert.Equal(new ReadinessReport(true, true, true, null, null, null), report);
        Assert.True(report.IsReady);
        Assert.Equal(("unknown", "unknown"), (report.Components()["clusters"], report.Components()["reconciler"]));
        Assert.Equal(["database", "policies", "issuer", "clusters", "reconciler", "log"], report.Components().Keys);
    }

    [Fact]
    public async Task However_many_ask_it_looks_once_a_second()
    {
        var readiness = Node(store.ConnectionString);
        var first = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => readiness.GetAsync(Cancellation)));
        Assert.Each(first, report => Assert.Same(first[0], report));

        _clock.Advance(Readiness.GoodFor);
        Assert.NotSame(first[0], await readiness.GetAsync(Cancellation));
    }

    [Fact]
    public async Task Without_its_database_a_node_is_not_ready()
    {
        var report = await Node($"Host=127.0.0.1;Port=1;Database=jit;Username=jit;Password=jit").GetAsync(Cancellation);
        Assert.Equal((false, false), (report.IsReady, report.Database));
        Assert.True(report.Issuer);
    }

    [Fact]
    public async Task A_database_that_does_not_answer_in_time_does_not_keep_the_prober_waiting()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var port = ((IPEndPoint)silent.LocalEndpoint).Port;
        var looking = Node($"Host=127.0.0.1;Port={port};Database=jit;Username=jit;Password=jit;Timeout=600")
            .GetAsync(Cancellation);
        using var connection = await silent.AcceptTcpClientAsync(Cancellation);
        Assert.False(looking.IsCompleted);
        _clock.Advance(Readiness.Limit);
        Assert.False((await looking.WaitAsync(TimeSpan.FromMinutes(3), Cancellation)).Database);
    }

    [Fact]
    public async Task A_node_that_never_read_the_issuer_s_keys_is_not_ready_and_one_that_did_stays_so()
    {
        var readiness = Node(store.ConnectionString);
        Assert.True((await readiness.GetAsync(Cancellation)).Issuer);
        _issuer.Fails = true;
        _clock.Advance(TimeSpan.FromHours(2));
        Assert.True((await readiness.GetAsync(Cancellation)).IsReady);
        var fresh = await Node(store.ConnectionString).GetAsync(Cancellation);
        Assert.Equal((false, true, false), (fresh.IsReady, fresh.Database, fresh.Issuer));
    }

    [Fact]
    public async Task A_cluster_that_is_away_and_a_reconciler_or_a_log_that_fails_are_told_and_take_no_node_out_of_service()
    {
        _seen.ClusterAnswered("prod-eu", false);
        _seen.ScheduleFailed("ReconcileRequests");
        _seen.LogRan(false, waitingSince: null);
        var report = await Node(store.ConnectionString).GetAsync(Cancellation);

        Assert.Equal((true, false, false, false), (report.IsReady, report.Clusters, report.Reconciler, report.Log));
        Assert.DoesNotContain(
            report.Components(),
            component =>
                component.Key.Contains("prod", StringComparison.Ordinal) || component.Value is not ("ok" or "failing")
        );
        _seen.ClusterAnswered("prod-eu", true);
        _seen.LogRan(true, waitingSince: null);
        foreach (var schedule in NodeHealth.Schedules)
            _seen.ScheduleFinished(schedule);
        _clock.Advance(Readiness.GoodFor);
        Assert.Equal(
            new ReadinessReport(true, true, true, true, true, true),
            await Node(store.ConnectionString).GetAsync(Cancellation)
        );
    }

    private Readiness Node(string database)
    {
        var source = NpgsqlDataSource.Create(database);
        var publisher = new PolicyPublisher(store.Documents, _source, _clock, NullLogger<PolicyPublisher>.Instance);
        var policies = new PublishedPolicies(
            store.Documents,
            publisher,
            _clock,
            NullLogger<PublishedPolicies>.Instance
        );
        var issuer = new IssuerKeys(
            new()
            {
                Authority = _issuer.Authority,
                Audience = "jit",
                RequireHttps = false,
            },
            _clock,
            NullLogger<IssuerKeys>.Instance
        );
        _parts.AddRange([source, publisher, policies, issuer]);
        return new(source, policies, issuer, _seen, _clock);
    }

    private sealed class Source : PolicySource
    {
        public override string Name => "test";

        public override Task<PolicySourceText> ReadAsync(CancellationToken cancellation) =>
            Task.FromResult(Found([new("policies.yaml", "administrators: [admins]\npolicies: []\n")], null));
    }
}
