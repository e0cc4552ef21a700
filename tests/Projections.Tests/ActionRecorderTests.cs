using System.Security.Cryptography;
using System.Text;
using JitFunctions.Domain.Audit;
using JitFunctions.Domain.Audit.Reading;
using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Scopes;
using JitFunctions.Projections.Log;
using Marten;
using static JitFunctions.Projections.Tests.Samples;

namespace JitFunctions.Projections.Tests;

public sealed class ActionRecorderTests(EventStoreFixture fixture)
{
    private const string Grant = "k45sq3ph944m";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_new_action_and_gap_is_in_an_event_of_the_cluster_by_its_hash_and_a_repeat_is_in_none()
    {
        await using var store = await NewStoreAsync();
        var recorder = new ActionRecorder(store.Documents);
        await ActivateAsync(store, Grant);
        var body = List(
            Event("a", 1, $"jit-{Grant}"),
            Event("b", 2, $"jit-{Grant}"),
            Event("c", 3, "team", user: "bob@example.com"),
            "{\"level\":7}"
        );

        var recorded = await RecordAsync(recorder, body);
        await RecordAsync(recorder, body);
        // The same events in another delivery.
        await RecordAsync(recorder, List(Event("b", 2, $"jit-{Grant}"), Event("d", 4, $"jit-{Grant}")));

        Assert.Equal((2, 1, 1L), (recorded.Kept, recorded.Gaps, recorded.Counted));
        Assert.Equal([Grant], recorded.Used);
        var stored = await new ActionStore(store.Database).OfGrantAsync(Grant, after: null, 10, Cancellation);
        Assert.Equal(["a", "b", "d"], stored.Select(kept => kept.Action.AuditId));
        Assert.Each(stored, kept => Assert.Equal(AttributionKind.Exact, kept.Action.Attribution));
        var events = await EventsAsync<ClusterEvent.ActionsRecorded>(store);
        Assert.Equal(2, events.Count);
        Assert.Equal(
            stored.Select(kept => Convert.ToHexStringLower(SHA256.HashData(kept.Canonical.Span))),
            events.SelectMany(one => one.Actions).OrderBy(hash => stored.ToList().FindIndex(x => x.Action.Hash == hash))
        );
        Assert.Equal((1, 0), (events[0].Gaps.Count, events[1].Gaps.Count));
        Assert.Equal(
            ("demo", "webhook", 1L, Noon),
            (events[0].Cluster, events[0].Source, events[0].Counted, events[0].At)
        );
    }

    [Fact]
    public async Task A_delivery_with_nothing_to_keep_adds_no_event_but_its_counts_and_the_feed()
    {
        await using var store = await NewStoreAsync();
        var recorder = new ActionRecorder(store.Documents);

        await RecordAsync(recorder, List(Event("c", -3, "team", user: "bob@example.com")));

        Assert.Empty(await EventsAsync<ClusterEvent>(store));
        var actions = new ActionStore(store.Database);
        Assert.Single(await actions.CountsAsync("demo", Noon.AddHours(-1), Noon.AddHours(1), Cancellation));
        Assert.Equal(Noon, (await actions.FeedAsync("demo", Cancellation))!.LastReceivedAt);
    }

    [Fact]
    public async Task Parallel_deliveries_lose_nothing_and_a_reused_audit_id_is_an_alarm_exactly_once()
    {
        await using var store = await NewStoreAsync();
        var recorder = new ActionRecorder(store.Documents);
        await ActivateAsync(store, Grant);
        // Each delivery has an event of its own, and one of two events with the same audit id.
        var bodies = Enumerable
            .Range(0, 16)
            .Select(i => List(Event($"own-{i}", i, $"jit-{Grant}"), Event("reused", i % 2, $"jit-{Grant}")))
            .ToList();

        await Task.WhenAll(bodies.Concat(bodies).Select(body => RecordAsync(recorder, body)));

        var stored = await new ActionStore(store.Database).OfGrantAsync(Grant, after: null, 100, Cancellation);
        Assert.Equal(18, stored.Count);
        Assert.Equal(
            stored.Select(kept => kept.Action.Hash).Order(),
            (await EventsAsync<ClusterEvent.ActionsRecorded>(store)).SelectMany(one => one.Actions).Order()
        );
        var alarm = Assert.Single(await EventsAsync<ClusterEvent.AuditIdReused>(store));
        var reused = Assert.Single(alarm.Reused);
        Assert.Equal(("reused", "ResponseComplete", 2), (reused.AuditId, reused.Stage, reused.Actions.Count));
        Assert.Equal(["alice@example.com"], reused.Subjects);
    }

    [Fact]
    public async Task Each_recorded_hash_is_proven_by_a_leaf_of_the_log()
    {
        await using var store = await NewStoreAsync();
        await ActivateAsync(store, Grant);
        await RecordAsync(new ActionRecorder(store.Documents), List(Event("a", 1, $"jit-{Grant}")));
        var action = Assert.Single(
            await new ActionStore(store.Database).OfGrantAsync(Grant, after: null, 10, Cancellation)
        );

        await new LogSequencer(
            store.Documents,
            store.Database,
            signing: null,
            new HeldModel(),
            TimeProvider.System
        ).RunAsync(Cancellation);

        await using var query = store.Database.CreateCommand(
            "select convert_from(data, 'utf8') from jit.jit_log_leaf order by idx desc limit 1"
        );
        var data = (string)(await query.ExecuteScalarAsync(Cancellation))!;
        Assert.Contains(
            Convert.ToHexStringLower(SHA256.HashData(action.Canonical.Span)),
            data,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task The_grants_of_a_delivery_are_those_of_its_users_and_those_that_it_names_from_activation_to_end()
    {
        await using var store = await NewStoreAsync();
        await OpenAsync(store, "000000000001"); // never activated
        await ActivateAsync(store, Grant);
        await ActivateAsync(store, "000000000002", service: true);
        AuditEvent[] events =
        [
            Read(Event("a", 1, "team")),
            Read(Event("b", 1, "team", user: "system:serviceaccount:jit-access:jit-000000000002")),
        ];
        await using var session = store.Documents.QuerySession();

        var found = await session.GrantsOfAsync("demo", "", events, Noon.AddMinutes(1), Cancellation);
        var ofAnother = await session.GrantsOfAsync("second", "", events, Noon.AddMinutes(1), Cancellation);
        var prefixed = await session.GrantsOfAsync("demo", "oidc:", events, Noon.AddMinutes(1), Cancellation);

        Assert.Equal(["000000000002", Grant], found.Select(one => one.Grant.RequestId).Order());
        var named = found.Single(one => one.Grant.RequestId == "000000000002").Grant;
        Assert.Equal(
            ("system:serviceaccount:jit-access:jit-000000000002", true, Noon.AddSeconds(2), (DateTimeOffset?)null),
            (named.Subject, named.IsEphemeral, named.From, named.Until)
        );
        Assert.Empty(ofAnother);
        Assert.Equal(["000000000002"], prefixed.Select(one => one.Grant.RequestId));
    }

    [Fact]
    public async Task An_ended_grant_is_found_by_its_name_for_ever_and_by_its_user_for_an_hour()
    {
        await using var store = await NewStoreAsync();
        await ActivateAsync(store, Grant);
        await EndAsync(store, Grant, Noon.AddMinutes(10));

        Assert.Single(await FindAsync(Event("a", 600, "team")));
        Assert.Single(await FindAsync(Event("a", 600 + 3500, "team")));
        Assert.Empty(await FindAsync(Event("a", 600 + 3700, "team")));
        var late = Assert.Single(await FindAsync(Event("a", 600 + 3700, $"jit-{Grant}")));
        Assert.Equal(Noon.AddMinutes(10), late.Grant.Until);

        async Task<IReadOnlyList<AuditedGrant>> FindAsync(string item)
        {
            await using var session = store.Documents.QuerySession();
            return await session.GrantsOfAsync("demo", "", [Read(item)], Noon.AddHours(3), Cancellation);
        }
    }

    [Fact]
    public async Task A_first_use_stays_pending_until_it_is_recorded_once()
    {
        await using var store = await NewStoreAsync();
        var recorder = new ActionRecorder(store.Documents);
        await ActivateAsync(store, Grant);
        await RecordAsync(recorder, List(Event("b", 2, $"jit-{Grant}"), Event("a", 1, $"jit-{Grant}")));
        await using (var session = store.Documents.LightweightSession())
            Assert.Equal([Grant], await session.FindPendingFirstUses(10, Cancellation));
        var first = (await new ActionStore(store.Database).FirstOfEachAsync([Grant, "000000000009"], Cancellation))[
            Grant
        ];
        Assert.Equal("a", first.AuditId);
        var use = new AccessRequestCommand.RecordFirstUse(first.ReceivedAt, first.Hash, first.Summary, Noon);

        await HandleAsync(store, Grant, use);
        await HandleAsync(store, Grant, use);

        await using (var session = store.Documents.LightweightSession())
        {
            await session.SettleFirstUse(Grant, Cancellation);
            Assert.Empty(await session.FindPendingFirstUses(10, Cancellation));
            var events = await session.Events.FetchStreamAsync(Grant, token: Cancellation);
            Assert.Single(events, e => e.Data is AccessRequestEvent.FirstUsed);
            Assert.Equal(first.ReceivedAt, (await session.LoadAsync<RequestDetails>(Grant, Cancellation))!.FirstUsedAt);
        }

        Assert.Empty((await RecordAsync(recorder, List(Event("c", 3, $"jit-{Grant}")))).Used);
    }

    private async Task<TestStore> NewStoreAsync()
    {
        var store = await fixture.NewStoreAsync();
        await EventStore.CreateSchemaAsync(store.Documents, role: null, Cancellation);
        return store;
    }

    private static Task<RecordedDelivery> RecordAsync(ActionRecorder recorder, byte[] body) =>
        recorder.RecordAsync("demo", "", AuditDelivery.Read(body), SHA256.HashData(body), Noon, Cancellation);

    private static async Task<IReadOnlyList<T>> EventsAsync<T>(TestStore store)
    {
        await using var session = store.Documents.QuerySession();
        var events = await session.Events.FetchStreamAsync(ClusterEvent.StreamFor("demo"), token: Cancellation);
        return [.. events.Select(e => e.Data).OfType<T>()];
    }

    private static async Task OpenAsync(TestStore store, string id, Enforcement enforcement = Enforcement.Identity)
    {
        await using var session = store.Documents.LightweightSession();
        var opened = AccessRequestDecider.Open(
            As(Alice, "payments-devs"),
            Terms,
            Policy with
            {
                Hours = null,
                ReviewWithin = null,
                Enforcement = enforcement,
            },
            Rights,
            Dangers,
            "fingerprint",
            Noon
        );
        await session.Open(id, opened, ByAlice, Cancellation);
    }

    private static async Task ActivateAsync(TestStore store, string id, bool service = false)
    {
        await OpenAsync(store, id, service ? Enforcement.Ephemeral : Enforcement.Identity);
        var scope = (await ReadAsync(store, id)).ScopeHash;
        await HandleAsync(store, id, Approves(Bob, Noon.AddSeconds(1)) with { ScopeHash = scope });
        await HandleAsync(
            store,
            id,
            new AccessRequestCommand.DecideActivation(
                new Eligibility.Go(scope),
                Noon.AddSeconds(2),
                service ? "jit-access" : null
            )
        );
        await HandleAsync(
            store,
            id,
            new AccessRequestCommand.ConfirmActivation(Noon.AddMinutes(60), [Binding], Noon.AddSeconds(3))
        );
        Assert.Equal(RequestStatus.Active, (await ReadAsync(store, id)).Status);
    }

    private static async Task EndAsync(TestStore store, string id, DateTimeOffset at)
    {
        await HandleAsync(store, id, new AccessRequestCommand.Relinquish(As(Alice), null, at));
        await HandleAsync(store, id, new AccessRequestCommand.ConfirmRevocation(new(DenialVerdict.Denied, "gone"), at));
    }

    private static Task<AccessRequest> ReadAsync(TestStore store, string id) =>
        store.Documents.ReadRequestAsync(id, Cancellation);

    private static async Task HandleAsync(TestStore store, string id, AccessRequestCommand command)
    {
        await using var session = store.Documents.LightweightSession();
        var outcome = await session.Handle(id, command, BySystem, Cancellation);
        Assert.True(outcome.Decision is Decision.Accepted, $"{outcome.Decision}");
    }

    private static AuditEvent Read(string item) =>
        Assert.IsType<ReceivedEvent>(AuditEventList.ReadOne(Encoding.UTF8.GetBytes(item))).Event;

    private static byte[] List(params string[] items) =>
        Encoding.UTF8.GetBytes(
            $$"""{"kind":"EventList","apiVersion":"audit.k8s.io/v1","metadata":{},"items":[{{string.Join(',', items)}}]}"""
        );

    private static string Event(string auditId, int second, string binding, string user = "alice@example.com") =>
        $$$"""{"level":"Metadata","auditID":"{{{auditId}}}","stage":"ResponseComplete","requestURI":"/api/v1/namespaces/payments/pods/web-1","verb":"delete","user":{"username":"{{{user}}}"},"sourceIPs":["10.0.3.7"],"objectRef":{"resource":"pods","namespace":"payments","name":"web-1"},"responseStatus":{"code":200},"requestReceivedTimestamp":"{{{Time(second)}}}","stageTimestamp":"{{{Time(second)}}}","annotations":{"authorization.k8s.io/decision":"allow","authorization.k8s.io/reason":"RBAC: allowed by RoleBinding \"{{{binding}}}/payments\" of ClusterRole \"edit\" to User \"{{{user}}}\""}}""";

    private static string Time(int second) => $"{Noon.AddSeconds(second).UtcDateTime:yyyy-MM-ddTHH:mm:ss}.000001Z";
}
