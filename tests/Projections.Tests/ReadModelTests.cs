using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Rights;
using JitFunctions.Domain.Scopes;
using Marten;
using static JitFunctions.Domain.Requests.AccessRequestCommand;
using static JitFunctions.Projections.Tests.Samples;

namespace JitFunctions.Projections.Tests;

public sealed class ReadModelTests(EventStoreFixture fixture)
{
    private const string Id = "3f9k2m7xq0ab";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Details_follow_a_request_from_asking_to_the_proof_of_denial()
    {
        await using var store = await fixture.NewStoreAsync();
        await RunAsync(
            store,
            Approves(Bob, Noon.AddMinutes(1), "go"),
            Begins(Noon.AddMinutes(2)),
            new DelayActivation("the cluster does not answer", Noon.AddMinutes(3)),
            new ConfirmActivation(Noon.AddMinutes(94), [Binding], Noon.AddMinutes(4)),
            new Expire(Noon.AddMinutes(94)),
            new ConfirmRevocation(new DenialProof(DenialVerdict.Denied, "none"), Noon.AddMinutes(95))
        );

        await using var session = store.Documents.QuerySession();
        var details = (await session.LoadAsync<RequestDetails>(Id, Cancellation))!;
        var events = await session.Events.FetchStreamAsync(Id, token: Cancellation);

        Assert.Equal(events.Count, details.Version);
        Assert.Equal(RequestStatus.Ended, details.Status);
        Assert.Equal(Alice, details.Requester);
        Assert.Equal(Noon.AddMinutes(1), details.ApprovedAt);
        Assert.Equal(Noon.AddMinutes(4), details.ActivatedAt);
        Assert.Equal(Noon.AddMinutes(94), details.ExpiresAt);
        Assert.Equal(EndingCause.Expired, details.Ending!.Cause);
        Assert.Equal(DenialVerdict.Denied, details.DenialProof!.Verdict);
        Assert.Equal(Binding, Assert.Single(details.Bindings));
        Assert.Null(details.Trouble);
    }

    [Fact]
    public async Task What_a_role_allowed_without_approval_stays_in_the_record_when_it_is_gone()
    {
        await using var store = await fixture.NewStoreAsync();
        NamespacedRules first = new(["payments"], [new([""], ["configmaps"], ["list"])]),
            second = new(["payments"], [new([""], ["services"], ["get"])]);
        await RunAsync(
            store,
            Approves(Bob, Noon),
            Begins(Noon),
            new ConfirmActivation(Noon.AddMinutes(90), [Binding], Noon),
            new CompareRights([.. Rights, first], Noon.AddMinutes(1)),
            new CompareRights(Rights, Noon.AddMinutes(2)),
            new CompareRights([.. Rights, first, second], Noon.AddMinutes(3)),
            new CompareRights([.. Rights, second], Noon.AddMinutes(4))
        );

        await using var session = store.Documents.QuerySession();
        var unapproved = (await session.LoadAsync<RequestDetails>(Id, Cancellation))!.Unapproved!;
        Assert.Equal(
            ["list configmaps in payments", "get services in payments"],
            unapproved.Rights.Select(placed => placed.Describe())
        );
        Assert.Equal("get services in payments", Assert.Single(unapproved.Present).Describe());
        Assert.Equal((Noon.AddMinutes(1), Noon.AddMinutes(4)), (unapproved.FoundAt, unapproved.ChangedAt));
    }

    [Fact]
    public async Task Active_grants_are_found_by_cluster_and_in_pages()
    {
        await using var store = await fixture.NewStoreAsync();
        await RunAsync(
            store,
            Approves(Bob, Noon),
            Begins(Noon),
            new ConfirmActivation(Noon.AddMinutes(90), [Binding], Noon)
        );

        await using var session = store.Documents.QuerySession();
        Assert.Equal(Id, Assert.Single(await session.ReadActiveDetailsPageAsync("demo", null, 10, Cancellation)).Id);
        Assert.Empty(await session.ReadActiveDetailsPageAsync("demo", Id, 10, Cancellation));
        Assert.Empty(await session.ReadActiveDetailsPageAsync("other", null, 10, Cancellation));
    }

    [Fact]
    public async Task Only_active_grants_are_found_as_such()
    {
        await using var store = await fixture.NewStoreAsync();
        await RunAsync(store, Approves(Bob, Noon), Begins(Noon));
        await using var session = store.Documents.QuerySession();
        Assert.Empty(await session.ReadActiveDetailsPageAsync("demo", null, 10, Cancellation));
    }

    [Fact]
    public async Task Trouble_is_shown_while_it_lasts_with_the_time_it_began()
    {
        await using var store = await fixture.NewStoreAsync();
        await RunAsync(
            store,
            Approves(Bob, Noon),
            Begins(Noon),
            new DelayActivation("first", Noon.AddMinutes(1)),
            new DelayActivation("second", Noon.AddMinutes(2))
        );

        await using var session = store.Documents.QuerySession();
        var trouble = (await session.LoadAsync<RequestDetails>(Id, Cancellation))!.Trouble!;
        Assert.Equal(
            new LastFailure(
                "activation-delayed",
                "second",
                2,
                AlarmLevel.Warning,
                Noon.AddMinutes(1),
                Noon.AddMinutes(2)
            ),
            trouble
        );
    }

    [Fact]
    public async Task A_request_waits_for_approval_only_until_it_is_decided()
    {
        await using var store = await fixture.NewStoreAsync();
        await RunAsync(store);
        await using var session = store.Documents.QuerySession();
        var pending = Assert.Single(await session.Query<PendingApproval>().ToListAsync(Cancellation));
        Assert.Equal(["payments-leads"], pending.ApproverGroups);

        await using var writer = store.Documents.LightweightSession();
        await writer.Handle(
            Id,
            new Review(As(Bob, "payments-leads"), Verdict.Deny, Hash, null, Noon),
            ByBob,
            Cancellation
        );

        await using var after = store.Documents.QuerySession();
        Assert.Empty(await after.Query<PendingApproval>().ToListAsync(Cancellation));
    }

    [Fact]
    public async Task The_trail_has_one_line_an_event_with_actor_channel_and_cluster()
    {
        await using var store = await fixture.NewStoreAsync();
        await RunAsync(store, Approves(Bob, Noon.AddMinutes(1), "go"));

        await using var session = store.Documents.QuerySession();
        var lines = await session.Query<AuditEntry>().ToListAsync(Cancellation);
        Assert.Equal(3, lines.Count);
        var asked = lines.Single(line => line.Action == "access_requested");
        Assert.Equal(
            ("alice@example.com", "api", "demo", Id),
            (asked.Actor, asked.Channel, asked.Cluster, asked.Stream)
        );
        Assert.Equal(
            "alice@example.com asks for ClusterRole/edit in payments of demo for 1h30m: restart the stuck consumer",
            asked.Summary
        );
        Assert.Equal("bob@example.com", lines.Single(line => line.Action == "request_approved").Actor);
    }

    private static async Task RunAsync(TestStore store, params AccessRequestCommand[] commands)
    {
        await using (var session = store.Documents.LightweightSession())
            await session.Open(Id, Open(), ByAlice, Cancellation);
        foreach (var command in commands)
        {
            await using var session = store.Documents.LightweightSession();
            Assert.IsType<Decision.Accepted>(
                (await session.Handle(Id, command, command is Review ? ByBob : BySystem, Cancellation)).Decision
            );
        }
    }
}
