using System.Security.Cryptography;
using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Rights;
using JitFunctions.Domain.Scopes;
using JitFunctions.Functions.Reconciliation;
using JitFunctions.LocalStack;
using JitFunctions.Projections;
using Marten;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using static JitFunctions.Domain.Requests.AccessRequestEvent;

namespace JitFunctions.Functions.Tests.Reconciliation;

/// <summary>Alone, as it measures the memory of the process.</summary>
[CollectionDefinition(nameof(ReconcilerLoadTests), DisableParallelization = true)]
public sealed class ReconcilerLoad;

/// <summary>The reconciler with twenty thousand open requests, a real event store and a real API server.</summary>
[Collection(nameof(ReconcilerLoadTests))]
public sealed class ReconcilerLoadTests(ReaperFixture cluster) : IClassFixture<ReaperFixture>, IAsyncLifetime
{
    private const int Many = 20_000;
    private const long Megabyte = 1024 * 1024;
    private static readonly Principal Alice = new("https://issuer#a1", "alice@example.com");
    private static readonly PolicySnapshot Policy = new("p", "sha256:00", false, ["leads"], 1, TimeSpan.FromHours(4));

    private readonly SettingsFiles _files = new();
    private readonly RecordingClient _engine = new();
    private PostgresServer _postgres = null!;
    private ServiceProvider _app = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    private IDocumentStore Documents => _app.GetRequiredService<IDocumentStore>();

    public async ValueTask InitializeAsync()
    {
        _postgres = await PostgresServer.StartAsync();
        var settings = _files.Good(
            ("ConnectionStrings:Postgres", await _postgres.CreateDatabaseAsync()),
            ("EventStore:CreateSchema", "true"),
            ("Clusters:demo:Kubeconfig", cluster.Cluster.Kubeconfig("jit-controller")),
            ("Clusters:demo:UsernamePrefix", null),
            ("Clusters:demo:GroupsPrefix", null)
        );
        var services = new ServiceCollection().AddLogging();
        _app = services
            .AddJitAccess(Settings.Read(new ConfigurationBuilder().AddInMemoryCollection(settings).Build()))
            .BuildServiceProvider();
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _postgres.DisposeAsync();
        await _engine.DisposeAsync();
        _files.Dispose();
    }

    [Fact]
    public async Task An_overdue_grant_ends_before_anything_else_is_looked_at_and_the_rest_takes_little_memory()
    {
        var id = await ActiveAsync(expiresAt: Now.AddMinutes(-1));
        await Documents.BulkInsertDocumentsAsync(
            Enumerable.Range(0, Many).Select(_ => Pending()),
            cancellation: Cancellation
        );
        var statusAtFirstLookup = new TaskCompletionSource<RequestStatus>();
        var first = 0;
        _engine.OnLookup = () =>
        {
            if (Interlocked.Exchange(ref first, 1) == 0)
                statusAtFirstLookup.SetResult(StatusAsync(id).GetAwaiter().GetResult());
        };
        var (before, since) = (GC.GetTotalAllocatedBytes(precise: true), Now);

        await RunAsync();

        var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        Assert.Equal(RequestStatus.Ended, await statusAtFirstLookup.Task);
        Assert.False(await HasBindingAsync(id));
        // With each run all of them are looked at, unless this machine is slow: then the next run goes on.
        Assert.InRange(_engine.Lookups, 500, Many);
        // What is allocated in all is more than what is ever held at once.
        Assert.True(allocated < 200 * Megabyte, $"{allocated / Megabyte} MB were allocated");
        var ended = (await EventsAsync(id)).OfType<Ended>().Single();
        Assert.True(ended.At - since < TimeSpan.FromSeconds(5), $"it took {ended.At - since}");
        TestContext.Current.SendDiagnosticMessage(
            $"ended after {ended.At - since}, {allocated / Megabyte} MB allocated, {_engine.Lookups} lookups, "
                + $"{Now - since} in all"
        );
    }

    [Fact]
    public async Task What_one_run_has_no_time_for_is_left_to_the_next()
    {
        await Documents.BulkInsertDocumentsAsync(
            Enumerable.Range(0, 1200).Select(_ => Pending()),
            cancellation: Cancellation
        );
        await using (var session = Documents.LightweightSession())
        {
            // As if the run before had stopped in the middle.
            var ids = await session.ReadLivePageAsync(string.Empty, 1200, Cancellation);
            session.Store(new ReconcilerReport(nameof(ReconcileRequests), Now, Now, [], ids[700].RequestId));
            await session.SaveChangesAsync(Cancellation);
        }

        await RunAsync();

        Assert.Equal(1200, _engine.Lookups);
        await using var query = Documents.QuerySession();
        Assert.Null((await query.LoadAsync<ReconcilerReport>(nameof(ReconcileRequests), Cancellation))!.ContinueAfter);
    }

    [Fact]
    public async Task A_grant_that_was_written_before_there_was_the_index_ends_too()
    {
        var id = await ActiveAsync(expiresAt: Now.AddMinutes(-1));
        await using (var session = Documents.LightweightSession())
        {
            session.QueueSqlCommand("update jit.mt_doc_requestdetails set data = data - 'removalDueAt'");
            await session.SaveChangesAsync(Cancellation);
        }

        await RunAsync();

        Assert.Equal(RequestStatus.Ended, await StatusAsync(id));
        Assert.False(await HasBindingAsync(id));
    }

    private Task RunAsync() =>
        ActivatorUtilities.CreateInstance<ReconcileRequests>(_app).Run(new(), _engine, Cancellation);

    // Its orchestration runs.
    private RequestDetails Pending()
    {
        var id = RequestId.FromBytes(RandomNumberGenerator.GetBytes(12));
        _engine.Holds(id, OrchestrationRuntimeStatus.Running, Now);
        return new(id, 1, RequestStatus.Pending, Alice, Terms(), Policy, Now, Now.AddHours(4))
        {
            Rights =
            [
                .. Enumerable
                    .Range(0, 20)
                    .Select(i => new NamespacedRules(
                        [$"payments-{i}"],
                        [new([""], ["pods", "secrets", "configmaps"], ["*"])]
                    )),
            ],
        };
    }

    private static RequestTerms Terms() =>
        new(
            new Scope("demo", ["default"], false, new RoleRef(RoleKind.ClusterRole, "view")),
            TimeSpan.FromMinutes(30),
            "why",
            null
        );

    // Its binding is in the cluster, and its orchestration is not there.
    private async Task<string> ActiveAsync(DateTimeOffset expiresAt)
    {
        var id = RequestId.FromBytes(RandomNumberGenerator.GetBytes(12));
        var at = expiresAt.AddMinutes(-30);
        await using var session = Documents.LightweightSession();
        await session.Open(
            id,
            [
                new Requested(Alice, [], Terms(), Policy, at.AddHours(4), id, at),
                new Approved(true, at.AddHours(1), at),
                new ActivationStarted(at),
                new Activated(expiresAt, [new("default", $"jit-{id}", "uid")], at),
            ],
            new Provenance(Alice, "api", null),
            Cancellation
        );
        (
            await cluster.Cluster.KubectlAsync(
                "admin",
                "create",
                "rolebinding",
                $"jit-{id}",
                "-n",
                "default",
                "--clusterrole=view",
                $"--user={Alice.Username}"
            )
        ).OrThrow("kubectl create");
        return id;
    }

    private async Task<bool> HasBindingAsync(string id) =>
        (
            await cluster.Cluster.KubectlAsync(
                "admin",
                "get",
                "rolebinding",
                $"jit-{id}",
                "-n",
                "default",
                "--ignore-not-found",
                "-o",
                "name"
            )
        )
            .OrThrow("kubectl get")
            .StdOut.Length > 0;

    private async Task<RequestStatus> StatusAsync(string id)
    {
        await using var session = Documents.QuerySession();
        return (await session.LoadAsync<RequestDetails>(id, Cancellation))!.Status;
    }

    private async Task<IEnumerable<object>> EventsAsync(string id)
    {
        await using var session = Documents.QuerySession();
        return (await session.Events.FetchStreamAsync(id, token: Cancellation)).Select(e => e.Data);
    }
}
