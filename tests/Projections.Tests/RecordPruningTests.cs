using System.Security.Cryptography;
using System.Text;
using JitFunctions.Domain.Audit;
using JitFunctions.Domain.Audit.Reading;
using JitFunctions.Domain.Record;
using JitFunctions.Domain.Scopes;
using Marten;
using static JitFunctions.Projections.Tests.Samples;

namespace JitFunctions.Projections.Tests;

/// <summary>What is old enough is deleted from a real database, and nothing that is on legal hold.</summary>
public sealed class RecordPruningTests(EventStoreFixture fixture)
{
    private const string Kept = "3f9k2m7xq0ab";
    private const string Other = "k45sq3ph944m";

    private static readonly TimeSpan Keep = TimeSpan.FromDays(400);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<LegalHold, string[]> Holds =>
        new()
        {
            { LegalHold.None, ["new"] },
            { LegalHold.None with { Requests = [Kept] }, ["kept", "new"] },
            { LegalHold.None with { People = ["Bob@example.com"] }, ["new", "other"] },
            { LegalHold.None with { Everything = true }, ["kept", "new", "other"] },
        };

    [Theory]
    [MemberData(nameof(Holds))]
    public async Task Old_actions_are_deleted_unless_something_holds_them(LegalHold hold, string[] left)
    {
        await using var store = await fixture.NewStoreAsync();
        await EventStore.CreateSchemaAsync(store.Documents, role: null, Cancellation);
        await StoreAsync(store, "kept", "alice@example.com", Kept, Noon);
        await StoreAsync(store, "other", "bob@example.com", Other, Noon);
        await StoreAsync(store, "new", "alice@example.com", Kept, Noon.AddDays(1));
        var clock = new FixedClock(Noon + Keep + TimeSpan.FromHours(1));

        var fact = await new RecordPruning(store.Documents, clock).PruneAsync(Keep, hold, Operator, Cancellation);

        await using var command = store.Database.CreateCommand(
            "select array_agg(audit_id order by audit_id) from jit.jit_actions"
        );
        Assert.Equal(left, await command.ExecuteScalarAsync(Cancellation));
        await using var session = store.Documents.QuerySession();
        var events = await session.Events.QueryAllRawEvents().ToListAsync(Cancellation);
        if (hold.Everything)
        {
            Assert.Null(fact);
            Assert.Empty(events);
            return;
        }

        Assert.Equal((3L - left.Length, left.Length - 1L), (fact!.Actions, fact.Held));
        Assert.Equal(fact, Assert.Single(events).Data);
    }

    [Fact]
    public async Task Without_a_setting_nothing_is_deleted()
    {
        await using var store = await fixture.NewStoreAsync();
        await EventStore.CreateSchemaAsync(store.Documents, role: null, Cancellation);
        await StoreAsync(store, "kept", "alice@example.com", Kept, Noon);
        var clock = new FixedClock(Noon.AddYears(10));

        Assert.Null(
            await new RecordPruning(store.Documents, clock).PruneAsync(null, LegalHold.None, Operator, Cancellation)
        );
        Assert.Single(await new ActionStore(store.Database).OfGrantAsync(Kept, null, 10, Cancellation));
    }

    private static Task StoreAsync(TestStore store, string id, string user, string grant, DateTimeOffset at)
    {
        var item =
            $$$"""{"level":"Metadata","auditID":"{{{id}}}","stage":"ResponseComplete","requestURI":"/api/v1/namespaces/payments/pods/web-1","verb":"delete","user":{"username":"{{{user}}}"},"sourceIPs":["10.0.3.7"],"objectRef":{"resource":"pods","namespace":"payments","name":"web-1"},"responseStatus":{"code":200},"requestReceivedTimestamp":"2026-03-02T12:05:00.000001Z","stageTimestamp":"2026-03-02T12:05:00.000001Z","annotations":{"authorization.k8s.io/decision":"allow","authorization.k8s.io/reason":"RBAC: allowed by RoleBinding \"jit-{{{grant}}}/payments\" of ClusterRole \"edit\" to User \"{{{user}}}\""}}""";
        var held = new SubjectGrant(
            grant,
            new Scope("demo", ["payments"], ClusterWide: false, new RoleRef(RoleKind.ClusterRole, "edit")),
            user,
            IsEphemeral: false,
            [new(["payments"], [new([""], ["pods"], ["delete"])])],
            Noon.AddMinutes(-5),
            Until: null
        );
        return new ActionStore(store.Database).StoreAsync(
            ActionBatch.Of(
                "demo",
                [AuditEventList.ReadOne(Encoding.UTF8.GetBytes(item))],
                [held],
                TimeSpan.FromHours(1)
            ),
            SHA256.HashData(Encoding.UTF8.GetBytes(id)),
            at,
            Cancellation
        );
    }

    private sealed class FixedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
