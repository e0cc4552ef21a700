using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using JasperFx.Events;
using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Scopes;
using JitFunctions.Functions.Monitoring;
using JitFunctions.Functions.Reconciliation;
using JitFunctions.LocalStack;
using JitFunctions.Projections;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using static JitFunctions.Domain.Requests.AccessRequestEvent;

namespace JitFunctions.Functions.Tests.Reconciliation;

/// <summary>Clusters of which one keeps the app waiting.</summary>
public sealed class ReconcileClustersTests(EventStoreFixture store) : IClassFixture<EventStoreFixture>, IDisposable
{
    private const string Nothing = """{"kind":"List","apiVersion":"v1","metadata":{},"items":[]}""";

    private static readonly Principal Alice = new("https://issuer#a1", "alice@example.com");
    private static readonly PolicySnapshot Policy = new("p", "sha256:00", false, ["leads"], 1, TimeSpan.FromHours(4));

    private readonly SettingsFiles _files = new();
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 3, 2, 12, 0, 0, TimeSpan.Zero));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task No_cluster_waits_for_another()
    {
        var asked = new TaskCompletionSource();
        // The first by name answers when the other one has been asked.
        await using var first = await ClusterAsync(() => asked.Task);
        await using var second = await ClusterAsync(() =>
        {
            asked.TrySetResult();
            return Task.CompletedTask;
        });

        Assert.Empty(await RunAsync(("a", first), ("b", second)));
    }

    [Fact]
    public async Task A_cluster_that_does_not_answer_has_a_limit_of_its_own_and_is_reported()
    {
        var never = new TaskCompletionSource();
        await using var slow = await ClusterAsync(() =>
        {
            _clock.Advance(ClusterReconciliation.TimeLimit);
            return never.Task;
        });

        var finding = Assert.Single(await RunAsync(("slow", slow)));
        Assert.Equal(
            (FindingKind.ClusterAway, "slow", "slow did not answer within 40 s."),
            (finding.Kind, finding.Subject, finding.Detail)
        );
        never.SetResult();
    }

    [Fact]
    public async Task A_cluster_that_has_more_than_there_is_time_for_is_reported_as_slow()
    {
        var calls = 0;
        var never = new TaskCompletionSource();
        await using var slow = await ClusterAsync(() =>
        {
            // After the five kinds of its own objects come those of others.
            if (Interlocked.Increment(ref calls) <= 5)
                return Task.CompletedTask;
            _clock.Advance(ClusterReconciliation.TimeLimit);
            return never.Task;
        });

        Assert.Equal(
            (FindingKind.ClusterSlow, "slow"),
            (await RunAsync(("slow", slow))).Select(finding => (finding.Kind, finding.Subject)).Single()
        );
        never.SetResult();
    }

    [Fact]
    public async Task Live_grants_are_looked_at_by_their_names_when_nothing_can_be_listed()
    {
        var id = await ActiveAsync("broken");
        await using var broken = await ClusterAsync(
            () => Task.CompletedTask,
            path =>
                path.EndsWith($"/jit-{id}", StringComparison.Ordinal) || path == "/version"
                    ? HttpStatusCode.NotFound
                    : HttpStatusCode.InternalServerError
        );

        var findings = await RunAsync(("broken", broken));
        var events = await EndAsync(id);

        Assert.Contains(
            (FindingKind.ClusterAway, "broken"),
            findings.Select(finding => (finding.Kind, finding.Subject))
        );
        var drift = Assert.Single(events.Select(e => e.Data).OfType<DriftFound>()).Drift;
        Assert.Equal((DriftKind.Missing, "payments", $"jit-{id}"), (drift.Kind, drift.Namespace, drift.Name));
    }

    [Fact]
    public async Task Slow_grants_delay_neither_other_grants_nor_the_steps_after_them()
    {
        List<string> ids = [];
        while (ids.Count < 5)
            ids.Add(await ActiveAsync("busy"));
        ids.Sort(StringComparer.Ordinal);
        var asked = new ConcurrentQueue<string>();
        var never = new TaskCompletionSource();
        var hanging = 0;
        await using var busy = await ClusterAsync(
            path =>
            {
                asked.Enqueue(path);
                if (!path.Contains("/rolebindings/jit-", StringComparison.Ordinal))
                    return Task.CompletedTask;
                if (Interlocked.Increment(ref hanging) % 4 == 0) // as many as are looked at at once
                    _clock.Advance(ClusterReconciliation.GrantsBy);
                return never.Task;
            },
            path =>
                path.Contains("/clusterroles/", StringComparison.Ordinal) ? HttpStatusCode.NotFound : HttpStatusCode.OK
        );

        await using var app = App(("busy", busy));
        var first = (await RunAsync(app), asked.ToList());
        asked.Clear();
        await RunAsync(app);
        never.SetResult();
        foreach (var id in ids)
            await EndAsync(id);

        Assert.Equal(
            (FindingKind.ClusterSlow, "busy"),
            first.Item1.Select(finding => (finding.Kind, finding.Subject)).Single()
        );
        Assert.DoesNotContain(first.Item2, path => path.EndsWith(ids[4], StringComparison.Ordinal));
        Assert.Contains(first.Item2, path => path.EndsWith("/clusterroles/view", StringComparison.Ordinal));
        // Also those of others.
        Assert.Equal(2, first.Item2.Count(path => path.EndsWith("/v1/rolebindings", StringComparison.Ordinal)));
        Assert.Contains(asked, path => path.EndsWith(ids[4], StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_grant_whose_objects_are_changed_without_end_is_ended_and_removed_in_the_same_run()
    {
        var id = await ActiveAsync("changed");
        await using (var session = store.Documents.LightweightSession())
        {
            var drift = new Drift(
                DriftKind.Edited,
                "payments",
                $"jit-{id}",
                "edited",
                DriftRemedy.Restored,
                GrantObjectKind.RoleBinding
            );
            session.Events.Append(
                id,
                Enumerable.Repeat(new DriftFound(drift, _clock.GetUtcNow()), AlterationLimit.Most)
            );
            await session.SaveChangesAsync(Cancellation);
        }

        await using var changed = await ClusterAsync(
            () => Task.CompletedTask,
            path => path.EndsWith($"/jit-{id}", StringComparison.Ordinal) ? HttpStatusCode.NotFound : HttpStatusCode.OK
        );

        await RunAsync(("changed", changed));

        await using var read = store.Documents.QuerySession();
        var events = (await read.Events.FetchStreamAsync(id, token: Cancellation)).Select(e => e.Data).ToList();
        Assert.Equal(DriftKind.Missing, Assert.IsType<DriftFound>(events[^3]).Drift.Kind);
        Assert.Equal(EndingCause.Tampered, Assert.IsType<EndingStarted>(events[^2]).Cause);
        Assert.Equal(EndingCause.Tampered, Assert.IsType<Ended>(events[^1]).Cause);
    }

    private async Task<string> ActiveAsync(string cluster)
    {
        var id = RequestId.FromBytes(RandomNumberGenerator.GetBytes(12));
        var at = _clock.GetUtcNow().AddMinutes(-10);
        var terms = new RequestTerms(
            new Scope(cluster, ["payments"], false, new RoleRef(RoleKind.ClusterRole, "view")),
            TimeSpan.FromMinutes(30),
            "why",
            null
        );
        await using var session = store.Documents.LightweightSession();
        await session.Open(
            id,
            [
                new Requested(Alice, [], terms, Policy, at.AddHours(4), id, at),
                new Approved(true, at.AddHours(1), at),
                new ActivationStarted(at),
                new Activated(at.AddMinutes(30), [new("payments", $"jit-{id}", "uid")], at),
            ],
            new Provenance(Alice, "api", null),
            Cancellation
        );
        return id;
    }

    /// <summary>So that the other tests do not find it.</summary>
    /// <returns>Its events before.</returns>
    private async Task<IReadOnlyList<IEvent>> EndAsync(string id)
    {
        await using var session = store.Documents.LightweightSession();
        var events = await session.Events.FetchStreamAsync(id, token: Cancellation);
        session.Events.Append(id, new Failed("over", _clock.GetUtcNow()));
        await session.SaveChangesAsync(Cancellation);
        return events;
    }

    private static async Task<(WebApplication Site, Uri Address)> StartAsync(
        Func<string, Task> beforeAnswer,
        Func<string, HttpStatusCode> status
    )
    {
        var address = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        var site = LoopbackSite.Build(address);
        site.Run(async call =>
        {
            await beforeAnswer(call.Request.Path.Value!);
            call.Response.StatusCode = (int)status(call.Request.Path.Value!);
            call.Response.ContentType = "application/json";
            await call.Response.WriteAsync(Nothing, call.RequestAborted);
        });
        await site.StartAsync(Cancellation);
        return (site, address);
    }

    private static Task<StandIn> ClusterAsync(Func<Task> beforeAnswer, Func<string, HttpStatusCode>? status = null) =>
        ClusterAsync(_ => beforeAnswer(), status);

    private static async Task<StandIn> ClusterAsync(
        Func<string, Task> beforeAnswer,
        Func<string, HttpStatusCode>? status = null
    )
    {
        var (site, address) = await StartAsync(beforeAnswer, status ?? (_ => HttpStatusCode.OK));
        return new(site, address);
    }

    private async Task<IReadOnlyList<Finding>> RunAsync(params (string Name, StandIn Cluster)[] clusters)
    {
        await using var app = App(clusters);
        return await RunAsync(app);
    }

    private async Task<IReadOnlyList<Finding>> RunAsync(ServiceProvider app)
    {
        await ActivatorUtilities.CreateInstance<ReconcileClusters>(app).Run(new(), Cancellation);
        await using var session = store.Documents.QuerySession();
        return (await session.LoadAsync<ReconcilerReport>(nameof(ReconcileClusters), Cancellation))!.Findings;
    }

    private ServiceProvider App(params (string Name, StandIn Cluster)[] clusters)
    {
        List<(string, string?)> changes =
        [
            ("ConnectionStrings:Postgres", store.ConnectionString),
            ("EventStore:CreateSchema", "true"),
            ("Clusters:demo:Kubeconfig", null),
            ("Clusters:demo:UsernamePrefix", null),
            ("Clusters:demo:GroupsPrefix", null),
        ];
        foreach (var (name, cluster) in clusters)
        {
            changes.Add(
                (
                    $"Clusters:{name}:Kubeconfig",
                    _files.Write(
                        $"{name}.kubeconfig",
                        $$"""
                        apiVersion: v1
                        kind: Config
                        current-context: it
                        clusters: [{ name: it, cluster: { server: "{{cluster.Address.OriginalString}}" } }]
                        contexts: [{ name: it, context: { cluster: it, user: jit } }]
                        users: [{ name: jit, user: { token: x } }]
                        """
                    )
                )
            );
        }

        var settings = Settings.Read(
            new ConfigurationBuilder().AddInMemoryCollection(_files.Good([.. changes])).Build()
        );
        var services = new ServiceCollection().AddLogging().AddJitAccess(settings);
        return services.AddSingleton<TimeProvider>(_clock).BuildServiceProvider();
    }

    private sealed record StandIn(WebApplication Site, Uri Address) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Site.DisposeAsync();
    }
}
