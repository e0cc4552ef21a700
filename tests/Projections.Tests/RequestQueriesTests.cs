using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Scopes;
using Marten;
using Npgsql;
using static JitFunctions.Projections.Tests.Samples;

namespace JitFunctions.Projections.Tests;

public sealed class RequestQueriesTests(EventStoreFixture fixture)
{
    private static readonly RequestFilter All = new(
        [],
        null,
        null,
        Mine: false,
        Reviewable: false,
        Before: null,
        Limit: 10
    );

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Requesters_approvers_administrators_and_auditors_see_a_request_and_nobody_else_does()
    {
        await using var store = await StoreWithAsync(1);

        Assert.Single(await FindAsync(store, As(Alice), All));
        Assert.Single(await FindAsync(store, As(Bob, "x", "payments-leads"), All));
        Assert.Single(await FindAsync(store, As(Bob) with { IsAdministrator = true }, All));
        Assert.Single(await FindAsync(store, As(Bob) with { IsAuditor = true }, All));
        Assert.Empty(await FindAsync(store, As(Bob, "payments-devs"), All));
    }

    [Fact]
    public async Task Filters_narrow_the_list()
    {
        await using var store = await StoreWithAsync(2);
        var alice = As(Alice);

        Assert.Equal(
            2,
            (await FindAsync(store, alice, All with { Statuses = [RequestStatus.Pending, RequestStatus.Active] })).Count
        );
        Assert.Empty(await FindAsync(store, alice, All with { Statuses = [RequestStatus.Active] }));
        Assert.Equal(2, await LiveAsync(store));
        Assert.Equal(
            2,
            (
                await FindAsync(
                    store,
                    alice,
                    All with
                    {
                        Cluster = "demo",
                        Mine = true,
                        Requester = "alice@example.com",
                    }
                )
            ).Count
        );
        Assert.Empty(await FindAsync(store, alice, All with { Cluster = "other" }));
        Assert.Empty(await FindAsync(store, alice, All with { Requester = "bob@example.com" }));
    }

    [Fact]
    public async Task Reviewable_is_what_the_caller_may_review_and_never_their_own()
    {
        await using var store = await StoreWithAsync(2);

        Assert.Equal(2, (await FindAsync(store, As(Bob, "payments-leads"), All with { Reviewable = true })).Count);
        Assert.Empty(await FindAsync(store, As(Alice, "payments-leads"), All with { Reviewable = true }));
        Assert.Empty(await FindAsync(store, As(Bob, "payments-devs"), All with { Reviewable = true }));
    }

    [Fact]
    public async Task People_are_found_whatever_the_case_of_their_names()
    {
        await using var store = await StoreWithAsync(1);
        Assert.Single(await FindAsync(store, As(Alice), All with { Requester = "ALICE@Example.com" }));
        Assert.Empty(await FindAsync(store, As(Alice), All with { Requester = "alice" }));

        await using var session = store.Documents.QuerySession();
        var trail = new TrailFilter(null, null, "Alice@EXAMPLE.com", null, null, null, 10);
        Assert.Single(await session.FindTrail(trail, Cancellation));
        Assert.Empty(await session.FindTrail(trail with { Actor = "bob@example.com" }, Cancellation));
    }

    /// <summary>List and single read go by the same: the subject, or an account that is linked now.</summary>
    [Fact]
    public async Task A_linked_account_sees_a_request_as_its_own_and_somebody_with_the_same_user_name_does_not()
    {
        await using var store = await StoreWithAsync(1);
        var request = Assert.Single(await FindAsync(store, As(Alice), All));

        var (linked, successor) = (
            As(new("https://issuer#a9", "alice.adm@example.com")) with
            {
                OtherAccounts = ["ALICE@example.com"],
            },
            As(new("https://issuer#a2", Alice.Username))
        );
        foreach (var filter in new[] { All, All with { Mine = true }, All with { Requester = Alice.Username } })
        {
            Assert.Single(await FindAsync(store, linked, filter));
            Assert.Empty(await FindAsync(store, successor, filter));
        }

        Assert.True(linked.MaySee(request));
        Assert.False(successor.MaySee(request));
    }

    [Fact]
    public async Task Whoever_was_linked_to_the_requester_when_it_was_asked_finds_nothing_to_review()
    {
        await using var store = await fixture.NewStoreAsync();
        await using (var session = store.Documents.LightweightSession())
            await session.Open(
                "000000000000",
                AccessRequestDecider.Open(
                    As(Alice) with
                    {
                        OtherAccounts = ["BOB@example.com"],
                    },
                    Terms,
                    Policy,
                    Rights,
                    Dangers,
                    "f",
                    Noon
                ),
                ByAlice,
                Cancellation
            );
        Assert.Empty(await FindAsync(store, As(Bob, "payments-leads"), All with { Reviewable = true }));
        Assert.Single(
            await FindAsync(
                store,
                As(new("https://issuer#c", "carl@example.com"), "payments-leads"),
                All with
                {
                    Reviewable = true,
                }
            )
        );
    }

    /// <summary>Of a long history of many people, one person's part is read by an index, and not all of it.</summary>
    [Fact]
    public async Task Filters_by_person_are_answered_by_an_index()
    {
        await using var store = await fixture.NewStoreAsync();
        await using (var session = store.Documents.LightweightSession())
        {
            for (var i = 0; i < 300; i++)
            {
                var who = As(new($"https://issuer#{i}", $"Person{i}@example.com"), "payments-devs");
                session.Events.StartStream<AccessRequest>($"{i:000000000000}", Open(who, Terms));
            }

            await session.SaveChangesAsync(Cancellation);
        }

        // What was counted comes to be known when the servers of these connections end.
        await using (
            var counted = NpgsqlDataSource.Create($"{store.Database.ConnectionString};Application Name=counted")
        )
        {
            using var documents = DocumentStore.For(options =>
                EventStore.Configure(options, counted, createSchema: false)
            );
            await using (var analyze = counted.CreateCommand("analyze"))
                await analyze.ExecuteNonQueryAsync(Cancellation);
            await using var session = documents.QuerySession();
            var someone = As(new("https://issuer#7", "person7@example.com")) with { IsAuditor = true };
            Assert.Single(await session.Find(someone, All with { Requester = "PERSON7@example.com" }, Cancellation));
            Assert.Single(await session.Find(someone, All with { Mine = true }, Cancellation));
            Assert.Equal(
                2,
                (
                    await session.Find(
                        someone with
                        {
                            OtherAccounts = ["person8@example.com"],
                        },
                        All with
                        {
                            Mine = true,
                        },
                        Cancellation
                    )
                ).Count
            );
            Assert.Empty(
                await session.FindTrail(new(null, null, "nobody@example.com", null, null, null, 10), Cancellation)
            );
        }

        await using var open = store.Database.CreateCommand(
            "select exists (select from pg_stat_activity where datname = current_database() and application_name "
                + "= 'counted')"
        );
        while ((bool)(await open.ExecuteScalarAsync(Cancellation))!)
            await Task.Delay(TimeSpan.FromMilliseconds(20), Cancellation);
        await using var ask = store.Database.CreateCommand(
            "select indexrelname from pg_stat_user_indexes where idx_scan > 0 and indexrelname like '%_by_%'"
        );
        var used = new List<string>();
        await using (var reader = await ask.ExecuteReaderAsync(Cancellation))
        {
            while (await reader.ReadAsync(Cancellation))
                used.Add(reader.GetString(0));
        }

        Assert.Equal(["auditentry_by_actor", "requestdetails_by_subject", "requestdetails_by_username"], used.Order());
    }

    [Fact]
    public async Task The_schema_is_made_once_and_is_then_as_it_should_be()
    {
        await using var store = await fixture.NewStoreAsync();
        await store.Documents.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        await store.Documents.Storage.Database.AssertDatabaseMatchesConfigurationAsync(Cancellation);
    }

    [Fact]
    public async Task Pages_follow_each_other_newest_first_without_overlap()
    {
        await using var store = await StoreWithAsync(5);
        var ids = new List<string>();
        PageMark? before = null;
        do
        {
            var page = await FindAsync(store, As(Alice), All with { Limit = 2, Before = before });
            ids.AddRange(page.Take(2).Select(x => x.Id));
            before = page.Count > 2 ? new(page[1].RequestedAt, page[1].Id) : null;
        } while (before is not null);

        Assert.Equal(["000000000004", "000000000003", "000000000002", "000000000001", "000000000000"], ids);
    }

    private async Task<TestStore> StoreWithAsync(int requests)
    {
        var store = await fixture.NewStoreAsync();
        for (var i = 0; i < requests; i++)
        {
            await using var session = store.Documents.LightweightSession();
            await session.Open($"00000000000{i}", Open(), ByAlice, Cancellation);
        }

        return store;
    }

    private static async Task<IReadOnlyList<RequestDetails>> FindAsync(
        TestStore store,
        Caller caller,
        RequestFilter filter
    )
    {
        await using var session = store.Documents.QuerySession();
        return await session.Find(caller, filter, Cancellation);
    }

    private static async Task<int> LiveAsync(TestStore store)
    {
        await using var session = store.Documents.QuerySession();
        return (await session.ReadLivePageAsync(string.Empty, 100, Cancellation)).Count;
    }
}
