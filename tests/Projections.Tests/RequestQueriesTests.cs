using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Requests;
using static JitFunctions.Projections.Tests.Samples;

namespace JitFunctions.Projections.Tests;

public sealed class RequestQueriesTests(EventStoreFixture fixture)
{
    private static readonly RequestFilter All = new([], null, null, Mine: false, Reviewable: false, Before: null, Limit: 10);

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

        Assert.Equal(2, (await FindAsync(store, alice, All with { Statuses = [RequestStatus.Pending, RequestStatus.Active] })).Count);
        Assert.Empty(await FindAsync(store, alice, All with { Statuses = [RequestStatus.Active] }));
        Assert.Equal(2, await LiveAsync(store));
        Assert.Equal(2, (await FindAsync(store, alice, All with { Cluster = "demo", Mine = true, Requester = "alice@example.com" })).Count);
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
        }
        while (before is not null);

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

    private static async Task<IReadOnlyList<RequestDetails>> FindAsync(TestStore store, Caller caller, RequestFilter filter)
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
