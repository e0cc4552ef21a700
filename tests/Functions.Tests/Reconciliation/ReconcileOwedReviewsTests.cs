using System.Security.Cryptography;
using System.Text.Json.Nodes;
using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Scopes;
using JitFunctions.Functions.Monitoring;
using JitFunctions.Functions.Reconciliation;
using JitFunctions.LocalStack;
using JitFunctions.Projections;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using static JitFunctions.Domain.Requests.AccessRequestEvent;

namespace JitFunctions.Functions.Tests.Reconciliation;

public sealed class ReconcileOwedReviewsTests(EventStoreFixture store) : IClassFixture<EventStoreFixture>, IDisposable
{
    private static readonly Principal Alice = new("https://issuer#a1", "alice@example.com");
    private readonly SettingsFiles _files = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task Notices_that_a_receiver_does_not_take_keep_no_other_waiting_and_what_is_overdue_is_an_event()
    {
        const int heldBack = 7;
        var ids = new List<string>();
        for (var i = 0; i < 30; i++)
            ids.Add(await BreakGlassAsync(isActive: true, reviewBy: Now.AddHours(i == 0 ? -1 : 1)));
        var early = await BreakGlassAsync(isActive: false, reviewBy: Now.AddHours(1));
        var others = new CountdownEvent(ids.Count - heldBack);
        var address = new Uri($"http://127.0.0.1:{FreePort.Next()}/notices");
        await using var site = LoopbackSite.Build(address);
        site.MapPost(
            address.AbsolutePath,
            async call =>
            {
                var notice = await JsonNode.ParseAsync(call.Request.Body, cancellationToken: call.RequestAborted);
                // Some are answered only when all others have been.
                if (ids.IndexOf((string)notice!["data"]!["request"]!) < heldBack)
                    await Task.Run(() => others.Wait(call.RequestAborted), call.RequestAborted);
                else
                    others.Signal();
            }
        );
        await site.StartAsync(Cancellation);

        var seen = await RunAsync(address);

        Assert.True(seen.OldestNotice > TimeSpan.FromMinutes(9));
        await using var session = store.Documents.QuerySession();
        var owed = (await session.LoadManyAsync<OwedReview>(Cancellation, ids)).ToDictionary(review => review.Id);
        Assert.Each(ids, id => Assert.NotNull(owed[id].NotifiedAt));
        Assert.Equal(ids[..1], ids.Where(id => owed[id].OverdueAt is not null));
        Assert.Null((await session.LoadAsync<OwedReview>(early, Cancellation))!.NotifiedAt);
    }

    private async Task<string> BreakGlassAsync(bool isActive, DateTimeOffset reviewBy)
    {
        var id = RequestId.FromBytes(RandomNumberGenerator.GetBytes(12));
        var scope = new Scope("demo", ["payments"], false, new RoleRef(RoleKind.ClusterRole, "edit"));
        var terms = new RequestTerms(scope, TimeSpan.FromMinutes(30), "why", null) { BreakGlass = true };
        var policy = new PolicySnapshot("p", "sha256:00", false, ["leads"], 1, TimeSpan.FromHours(4))
        {
            ReviewWithin = TimeSpan.FromHours(4),
        };
        var at = isActive ? Now.AddMinutes(-10) : Now;
        List<AccessRequestEvent> events =
        [
            new Requested(Alice, [], terms, policy, at.AddHours(4), id, at, ReviewBy: reviewBy),
            new Approved(false, at.AddHours(1), at, BreakGlass: true),
        ];
        if (isActive)
            events.AddRange([
                new ActivationStarted(at),
                new Activated(at.AddMinutes(30), [new("payments", $"jit-{id}", "uid")], at),
            ]);
        await using var session = store.Documents.LightweightSession();
        await session.Open(id, events, new Provenance(Alice, "api", null), Cancellation);
        return id;
    }

    private async Task<NodeHealth> RunAsync(Uri webhook)
    {
        var settings = Settings.Read(
            new ConfigurationBuilder()
                .AddInMemoryCollection(
                    _files.Good(
                        ("ConnectionStrings:Postgres", store.ConnectionString),
                        ("EventStore:CreateSchema", "true"),
                        ("Notifications:Webhook", webhook.OriginalString),
                        ("Notifications:Secret", $"whsec_{Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}")
                    )
                )
                .Build()
        );
        await using var app = new ServiceCollection().AddLogging().AddJitAccess(settings).BuildServiceProvider();
        await ActivatorUtilities.CreateInstance<ReconcileOwedReviews>(app).Run(new(), Cancellation);
        return app.GetRequiredService<NodeHealth>();
    }
}
