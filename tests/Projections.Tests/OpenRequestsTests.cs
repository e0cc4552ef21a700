using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Scopes;
using Marten;
using static JitFunctions.Domain.Requests.AccessRequestCommand;
using static JitFunctions.Projections.Tests.Samples;

namespace JitFunctions.Projections.Tests;

public sealed class OpenRequestsTests(EventStoreFixture fixture)
{
    private static readonly OpenRequestLimits Limits = new(PerPerson: 7, Total: 12);
    private static readonly Caller Requester = As(Alice, "payments-devs") with
    {
        OtherAccounts = ["alice.admin@example.com"],
    };
    private static readonly Caller Linked = new(
        new("https://issuer#admin", "Alice.Admin@example.com"),
        ["payments-devs"]
    )
    {
        OtherAccounts = [Alice.Username],
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_a_hundred_at_once_under_two_accounts_of_one_human_no_more_are_opened_than_may_be()
    {
        await using var store = await fixture.NewStoreAsync();
        Assert.Null(await OpenAsync(store, Requester, 0)); // makes the tables

        var refusals = await Task.WhenAll(
            Enumerable.Range(1, 100).Select(i => OpenAsync(store, i % 2 == 0 ? Requester : Linked, i))
        );

        Assert.Equal(6, refusals.Count(why => why is null));
        Assert.Each(refusals.OfType<Rejection>(), why => Assert.Equal("too-many-open", why.Code));
        await using var session = store.Documents.QuerySession();
        Assert.Equal(7, await session.Query<RequestDetails>().CountAsync(Cancellation));
        Assert.Null(await session.WhyNotOneMore(Limits, As(Bob), breakGlass: false, Cancellation));
    }

    [Fact]
    public async Task An_ended_request_frees_a_place_for_another()
    {
        await using var store = await fixture.NewStoreAsync();
        for (var i = 0; i < 7; i++)
            Assert.Null(await OpenAsync(store, Requester, i));
        Assert.Equal("too-many-open", (await OpenAsync(store, Requester, 7))?.Code);

        await using (var session = store.Documents.LightweightSession())
            await session.Handle(Id(0), new Withdraw(Requester, null, Noon), ByAlice, Cancellation);

        Assert.Null(await OpenAsync(store, Requester, 7));
        Assert.Equal("too-many-open", (await OpenAsync(store, Linked, 8))?.Code);
    }

    [Fact]
    public async Task What_another_version_ended_and_left_counted_is_removed()
    {
        await using var store = await fixture.NewStoreAsync();
        for (var i = 0; i < 7; i++)
            Assert.Null(await OpenAsync(store, Requester, i));
        await using (var session = store.Documents.LightweightSession())
        {
            var row = await session.LoadAsync<OpenRequest>(Id(0), Cancellation);
            await session.Handle(Id(0), new Withdraw(Requester, null, Noon), ByAlice, Cancellation);
            await using var other = store.Documents.LightweightSession();
            other.Store(row!, new OpenRequest(Id(99), "https://issuer#p99", ["p99@example.com"]));
            await other.SaveChangesAsync(Cancellation);
        }

        Assert.Equal("too-many-open", (await OpenAsync(store, Requester, 7))?.Code);

        await using (var session = store.Documents.LightweightSession())
            Assert.Equal(1, await session.RemoveLeftRows(Cancellation));
        Assert.Null(await OpenAsync(store, Requester, 7));
        Assert.Equal("too-many-open", (await OpenAsync(store, Requester, 8))?.Code);
    }

    [Fact]
    public async Task All_open_requests_together_have_a_limit()
    {
        await using var store = await fixture.NewStoreAsync();
        for (var i = 0; i < 12; i++)
            Assert.Null(await OpenAsync(store, As(new($"https://issuer#p{i}", $"p{i}@example.com")), i));

        Assert.Equal("too-many-open", (await OpenAsync(store, Requester, 12))?.Code);
    }

    [Fact]
    public async Task Counting_those_of_one_human_reads_an_index_and_not_all_of_them()
    {
        await using var store = await fixture.NewStoreAsync();
        await store.Documents.BulkInsertDocumentsAsync(
            Enumerable
                .Range(0, 20_000)
                .Select(i => new OpenRequest(Id(i), $"https://issuer#p{i % 1000}", [$"p{i % 1000}@example.com"])),
            cancellation: Cancellation
        );
        await using (var analyze = store.Database.CreateCommand("vacuum analyze jit.mt_doc_openrequest"))
            await analyze.ExecuteNonQueryAsync(Cancellation);
        await using var session = store.Documents.QuerySession();
        var caller = As(new("https://issuer#p7", "P7@example.com")) with { OtherAccounts = ["P8@example.com"] };

        Assert.Equal(40, await session.OpenOf(caller).CountAsync(Cancellation));
        Assert.Equal("Bitmap Heap Scan", (await session.OpenOf(caller).ExplainAsync(token: Cancellation)).NodeType);
    }

    private static string Id(int i) => $"{i:d12}";

    private static async Task<Rejection?> OpenAsync(TestStore store, Caller caller, int i)
    {
        await using var session = store.Documents.LightweightSession();
        return await session.OpenWithin(
            Limits,
            caller,
            Id(i),
            Open(caller, Terms),
            new Provenance(caller.Principal, "api", null),
            Cancellation
        );
    }
}
