using System.Security.Cryptography;
using System.Text;
using JitFunctions.Domain.Audit;
using JitFunctions.Domain.Audit.Reading;
using JitFunctions.Domain.Scopes;
using static JitFunctions.Projections.Tests.Samples;

namespace JitFunctions.Projections.Tests;

public sealed class ActionStoreTests(EventStoreFixture fixture)
{
    private const string Grant = "k45sq3ph944m";
    private const string Other = "3f9k2m7xq0ab";

    private static readonly SubjectGrant[] Grants = [Held(Grant), Held(Other)];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Actions_gaps_and_counts_of_a_batch_are_read_as_they_were_stored()
    {
        await using var store = await NewStoreAsync();
        var actions = new ActionStore(store.Database);
        var batch = Batch(
            "demo",
            Event("a", "alice@example.com", second: 2, reason: $"jit-{Grant}"),
            Event("b", "alice@example.com", second: 1, reason: $"jit-{Grant}"),
            Event("c", "alice@example.com", second: 3, reason: $"jit-{Other}"),
            Event("d", "bob@example.com", second: 4, reason: "team"),
            Event("e", "bob@example.com", second: 64, reason: "team"),
            Event("f", "alice@example.com", second: 5, reason: $"jit-{Grant}")[..^200]
        );
        Assert.Equal((3, 1, 2L), (batch.Actions.Count, batch.Gaps.Count, batch.Counts.Total));

        var stored = await StoreAsync(actions, batch);

        Assert.Equal(3, stored.Added);
        Assert.Empty(stored.Reused);
        var read = await actions.OfGrantAsync(Grant, after: null, 10, Cancellation);
        Assert.Equal(["b", "a"], read.Select(kept => kept.Action.AuditId));
        Assert.Equivalent(batch.Actions[1].Action, read[0].Action, strict: true);
        Assert.Equal(batch.Actions[1].Canonical.ToArray(), read[0].Canonical.ToArray());
        Assert.Equal(read[0].Action.Hash, Convert.ToHexStringLower(SHA256.HashData(read[0].Canonical.Span)));
        Assert.Single(await actions.OfGrantAsync(Other, after: null, 10, Cancellation));
        Assert.Empty(await actions.OfGrantAsync("000000000000", after: null, 10, Cancellation));

        var gap = Assert.Single(await GapsOfAsync(actions, "alice@example.com"));
        Assert.Equal((GapReason.Cut, "alice@example.com"), (gap.Gap.Reason, gap.Gap.Scraped.User));
        Assert.Equal(batch.Gaps[0].Raw.ToArray(), gap.Gap.Raw.ToArray());
        Assert.Empty(await GapsOfAsync(actions, "bob@example.com"));
        Assert.Equal(
            [
                new ActionCount("demo", Noon, CountedAs.Write, 1),
                new ActionCount("demo", Noon.AddMinutes(1), CountedAs.Write, 1),
            ],
            await actions.CountsAsync("demo", Noon, Noon.AddHours(1), Cancellation)
        );
    }

    [Fact]
    public async Task A_repeated_delivery_changes_nothing_and_the_same_events_in_another_are_stored_once()
    {
        await using var store = await NewStoreAsync();
        var actions = new ActionStore(store.Database);
        string[] events =
        [
            Event("a", "alice@example.com", 1, $"jit-{Grant}"),
            Event("d", "bob@example.com", 4, "team"),
            "{\"level\":",
        ];
        var batch = Batch("demo", events);

        var added = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => StoreAsync(actions, batch)));

        Assert.Equal(1, added.Sum(stored => stored.Added));
        Assert.Equal(0, (await StoreAsync(actions, Batch("demo", events), delivery: "other")).Added);
        Assert.Equal(1, (await StoreAsync(actions, Batch("second", events))).Added);
        Assert.Single(await actions.OfGrantAsync(Grant, after: null, 1, Cancellation));
        Assert.Single(await GapsOfAsync(actions, "alice@example.com"));
        // Only whole deliveries are known as repeats; counts tell how many events were received.
        Assert.Equal(2, Assert.Single(await actions.CountsAsync("demo", Noon, Noon.AddHours(1), Cancellation)).Events);
        await actions.ForgetDeliveriesAsync(Noon.AddDays(1), Cancellation);
        Assert.Equal(0, (await StoreAsync(actions, batch)).Added);
    }

    [Fact]
    public async Task A_reused_audit_id_is_found_in_another_batch_and_in_its_own_cluster_only()
    {
        await using var store = await NewStoreAsync();
        var actions = new ActionStore(store.Database);
        var (first, other) = (
            Event("a", "alice@example.com", 1, $"jit-{Grant}"),
            Event("a", "alice@example.com", 2, $"jit-{Grant}")
        );
        Assert.Empty((await StoreAsync(actions, Batch("demo", first))).Reused);
        Assert.Empty((await StoreAsync(actions, Batch("second", other))).Reused);

        var found = Assert.Single((await StoreAsync(actions, Batch("demo", other), delivery: "2")).Reused);

        Assert.Equal(("a", 2), (found.AuditId, found.Events.Count));
        Assert.Equal(
            2,
            (await actions.OfGrantAsync(Grant, after: null, 10, Cancellation)).Count(x => x.Action.Cluster == "demo")
        );
    }

    [Fact]
    public async Task A_feed_tells_until_when_events_were_received_whether_they_are_kept_or_counted()
    {
        await using var store = await NewStoreAsync();
        var actions = new ActionStore(store.Database);
        Assert.Null(await actions.FeedAsync("demo", Cancellation));

        await StoreAsync(actions, Batch("demo", "{\"level\":"), Noon, "gap");
        Assert.Equal(new("demo", Noon, Passed: null), await actions.FeedAsync("demo", Cancellation));
        await StoreAsync(
            actions,
            Batch("demo", Event("d", "bob@example.com", 30, "team")),
            Noon.AddMinutes(1),
            "count"
        );
        Assert.Equal(new("demo", Noon.AddMinutes(1), At(30)), await actions.FeedAsync("demo", Cancellation));
        var mixed = Batch(
            "demo",
            Event("a", "alice@example.com", 90, $"jit-{Grant}"),
            Event("b", "bob@example.com", 80, "team")
        );
        await StoreAsync(actions, mixed, Noon.AddMinutes(2), "kept");
        Assert.Equal(new("demo", Noon.AddMinutes(2), At(90)), await actions.FeedAsync("demo", Cancellation));

        // One that comes late, or nothing but a gap, sets nothing back.
        await StoreAsync(actions, Batch("demo", Event("e", "bob@example.com", 1, "team")), Noon.AddSeconds(1), "late");
        await StoreAsync(actions, Batch("demo", "{\"verb\":"), Noon.AddMinutes(3), "gap 2");
        Assert.Equal(new("demo", Noon.AddMinutes(3), At(90)), await actions.FeedAsync("demo", Cancellation));
        Assert.Null(await actions.FeedAsync("second", Cancellation));

        static DateTimeOffset At(int second) => Noon.AddSeconds(second).AddMicroseconds(1);
    }

    [Fact]
    public async Task An_event_from_the_future_does_not_move_a_feed_beyond_its_receipt()
    {
        await using var store = await NewStoreAsync();
        var actions = new ActionStore(store.Database);

        await StoreAsync(actions, Batch("demo", Event("a", "bob@example.com", 86400, "team")), Noon, "1");

        Assert.Equal(new("demo", Noon, Noon), await actions.FeedAsync("demo", Cancellation));
    }

    [Fact]
    public async Task What_cannot_be_stored_as_a_whole_is_not_stored_at_all()
    {
        await using var store = await NewStoreAsync();
        var actions = new ActionStore(store.Database);
        var batch = Batch("demo", Event("a", "alice@example.com", 1, $"jit-{Grant}"), "{\"level\":");
        var broken = batch with { Gaps = [batch.Gaps[0] with { Detail = "\0" }] };

        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => StoreAsync(actions, broken));

        Assert.Empty(await actions.OfGrantAsync(Grant, after: null, 10, Cancellation));
        Assert.Equal(1, (await StoreAsync(actions, batch)).Added);
    }

    [Fact]
    public async Task A_thousand_actions_are_read_by_pages_in_order()
    {
        await using var store = await NewStoreAsync();
        var actions = new ActionStore(store.Database);
        // Four at each time: the hash decides among them.
        var batch = Batch(
            "demo",
            [.. Enumerable.Range(0, 1000).Select(i => Event($"{i}", "alice@example.com", i / 4, $"jit-{Grant}"))]
        );
        Assert.Equal(1000, (await StoreAsync(actions, batch)).Added);

        List<KeptAction> read = [];
        ActionMark? after = null;
        while (await actions.OfGrantAsync(Grant, after, 300, Cancellation) is [.., var last] page)
        {
            read.AddRange(page);
            after = new(last.Action.StageAt, last.Action.Hash);
        }

        Assert.Equal(1000, read.Select(kept => kept.Action.Hash).Distinct().Count());
        Assert.Equal(
            read.OrderBy(x => x.Action.StageAt)
                .ThenBy(x => x.Action.Hash, StringComparer.Ordinal)
                .Select(x => x.Action.Hash),
            read.Select(x => x.Action.Hash)
        );
    }

    [Fact]
    public async Task The_role_of_the_app_can_add_actions_and_change_none()
    {
        await using var store = await fixture.NewStoreAsync();
        await using (var create = store.Database.CreateCommand("create role jit_actions_app"))
            await create.ExecuteNonQueryAsync(Cancellation);
        await EventStore.CreateSchemaAsync(store.Documents, "jit_actions_app", Cancellation);
        await using var allowed = store.Database.CreateCommand(
            """
            select string_agg(t || ' ' || p, ', ' order by t, p)
            from unnest(array['jit.jit_actions', 'jit.jit_action_gaps', 'jit.jit_action_counts']) t,
                unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) p
            where has_table_privilege('jit_actions_app', t, p)
            """
        );
        Assert.Equal(
            "jit.jit_action_counts DELETE, jit.jit_action_counts INSERT, jit.jit_action_counts SELECT, "
                + "jit.jit_action_counts UPDATE, jit.jit_action_gaps INSERT, jit.jit_action_gaps SELECT, "
                + "jit.jit_actions INSERT, jit.jit_actions SELECT",
            await allowed.ExecuteScalarAsync(Cancellation)
        );
    }

    // Otherwise each deployment would make the indexes again.
    [Fact]
    public async Task The_tables_are_as_they_are_configured_once_they_are_made()
    {
        await using var store = await NewStoreAsync();
        await store.Documents.Storage.Database.AssertDatabaseMatchesConfigurationAsync(Cancellation);
    }

    [Fact]
    public async Task The_tables_are_made_on_demand_where_the_others_are()
    {
        await using var store = await fixture.NewStoreAsync();
        await ActionTables.EnsureAsync(store.Documents, Cancellation);
        var actions = new ActionStore(store.Database);
        Assert.Equal(
            1,
            (await StoreAsync(actions, Batch("demo", Event("a", "alice@example.com", 1, $"jit-{Grant}")))).Added
        );
    }

    private async Task<TestStore> NewStoreAsync()
    {
        var store = await fixture.NewStoreAsync();
        await EventStore.CreateSchemaAsync(store.Documents, role: null, Cancellation);
        return store;
    }

    [Fact]
    public async Task A_gap_names_its_user_with_the_prefix_of_the_cluster_too()
    {
        await using var store = await NewStoreAsync();
        var actions = new ActionStore(store.Database);
        await StoreAsync(
            actions,
            Batch("demo", Event("f", "oidc:alice@example.com", second: 5, reason: $"jit-{Grant}")[..^200])
        );

        Assert.Single(await GapsOfAsync(actions, "alice@example.com"));
        Assert.Empty(await GapsOfAsync(actions, "bob@example.com"));
    }

    private static Task<StoredBatch> StoreAsync(ActionStore actions, ActionBatch batch, string delivery = "1") =>
        StoreAsync(actions, batch, Noon, delivery);

    private static Task<StoredBatch> StoreAsync(
        ActionStore actions,
        ActionBatch batch,
        DateTimeOffset receivedAt,
        string delivery
    ) => actions.StoreAsync(batch, SHA256.HashData(Encoding.UTF8.GetBytes(delivery)), receivedAt, Cancellation);

    private static Task<IReadOnlyList<StoredGap>> GapsOfAsync(ActionStore actions, string user) =>
        actions.GapsOfAsync("demo", user, Noon, Noon.AddSeconds(1), Cancellation);

    private static ActionBatch Batch(string cluster, params string[] items) =>
        ActionBatch.Of(
            cluster,
            [.. items.Select(item => AuditEventList.ReadOne(Encoding.UTF8.GetBytes(item)))],
            Grants,
            TimeSpan.FromHours(1)
        );

    private static string Event(string auditId, string user, int second, string reason) =>
        $$$"""{"level":"Metadata","auditID":"{{{auditId}}}","stage":"ResponseComplete","requestURI":"/api/v1/namespaces/payments/pods/web-1","verb":"delete","user":{"username":"{{{user}}}"},"sourceIPs":["10.0.3.7"],"objectRef":{"resource":"pods","namespace":"payments","name":"web-1"},"responseStatus":{"code":200},"requestReceivedTimestamp":"{{{Time(second)}}}","stageTimestamp":"{{{Time(second)}}}","annotations":{"authorization.k8s.io/decision":"allow","authorization.k8s.io/reason":"RBAC: allowed by RoleBinding \"{{{reason}}}/payments\" of ClusterRole \"edit\" to User \"{{{user}}}\""}}""";

    private static string Time(int second) => $"{Noon.AddSeconds(second).UtcDateTime:yyyy-MM-ddTHH:mm:ss}.000001Z";

    private static SubjectGrant Held(string id) =>
        new(
            id,
            new Scope("demo", ["payments"], ClusterWide: false, new RoleRef(RoleKind.ClusterRole, "edit")),
            "alice@example.com",
            IsEphemeral: false,
            [new(["payments"], [new([""], ["pods"], ["delete"])])],
            Noon.AddMinutes(-5),
            Until: null
        );
}
