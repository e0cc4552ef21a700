using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Scopes;
using static JitFunctions.Domain.Requests.AccessRequestCommand;
using static JitFunctions.Projections.Tests.Samples;

namespace JitFunctions.Projections.Tests;

/// <summary>
/// The outbox of notices: what is owed goes in with the event, and out when nothing waits any more or the notice was
/// taken.
/// </summary>
public sealed class ReviewNoticeTests(EventStoreFixture fixture)
{
    private const string Id = "3f9k2m7xq0ab";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_pending_request_owes_one_until_it_is_decided()
    {
        await using var store = await fixture.NewStoreAsync();
        await OpenAsync(store, Open());
        Assert.Equal(new ReviewNotice(Id, 1, IsExtension: false, Noon), Assert.Single(await OwedAsync(store)));

        await HandleAsync(store, Approves(Bob, Noon.AddMinutes(1)));

        Assert.Empty(await OwedAsync(store));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_nobody_reviews_first_owes_none(bool breakGlass)
    {
        await using var store = await fixture.NewStoreAsync();
        var policy = breakGlass
            ? Policy with
            {
                Hours = null,
            }
            : Policy with
            {
                Hours = null,
                Automatic = true,
                ReviewWithin = null,
            };
        await OpenAsync(
            store,
            AccessRequestDecider.Open(
                As(Alice, "payments-devs"),
                Terms with
                {
                    BreakGlass = breakGlass,
                },
                policy,
                Rights,
                Dangers,
                "fingerprint",
                Noon
            )
        );

        Assert.Empty(await OwedAsync(store));
    }

    [Fact]
    public async Task An_extension_that_waits_owes_one_of_its_own()
    {
        await using var store = await fixture.NewStoreAsync();
        await OpenAsync(store, Open());
        await HandleAsync(
            store,
            Approves(Bob, Noon),
            Begins(Noon),
            new ConfirmActivation(Noon.AddMinutes(90), [Binding], Noon),
            new Extend(As(Alice, "payments-devs"), TimeSpan.FromMinutes(10), "not done yet", null, Noon.AddMinutes(5))
        );
        var owed = Assert.Single(await OwedAsync(store));
        Assert.Equal((true, Noon.AddMinutes(5)), (owed.IsExtension, owed.Since));

        await HandleAsync(store, new Relinquish(As(Alice, "payments-devs"), null, Noon.AddMinutes(6)));

        Assert.Empty(await OwedAsync(store));
    }

    [Fact]
    public async Task A_delivered_notice_is_not_sent_again_after_a_review()
    {
        await using var store = await fixture.NewStoreAsync();
        await OpenAsync(
            store,
            AccessRequestDecider.Open(
                As(Alice, "payments-devs"),
                Terms,
                TwoApprovals,
                Rights,
                Dangers,
                "fingerprint",
                Noon
            )
        );
        await SettleAsync(store, Assert.Single(await OwedAsync(store)));
        Assert.Empty(await OwedAsync(store));

        var hash = ScopeHash.Of(Alice, Terms, Rights, TwoApprovals);
        await HandleAsync(store, new Review(As(Bob, "payments-leads"), Verdict.Approve, hash, null, Noon));

        Assert.Empty(await OwedAsync(store));
    }

    [Fact]
    public async Task A_new_round_is_another_notice_and_survives_that_the_earlier_one_was_taken()
    {
        await using var store = await fixture.NewStoreAsync();
        await OpenAsync(
            store,
            AccessRequestDecider.Open(
                As(Alice, "payments-devs"),
                Terms,
                TwoApprovals,
                Rights,
                Dangers,
                "fingerprint",
                Noon
            )
        );
        var first = Assert.Single(await OwedAsync(store));
        var hash = ScopeHash.Of(Alice, Terms, Rights, TwoApprovals);
        var narrowed = new ScopeNarrowing(TimeSpan.FromMinutes(10), null, null);
        await HandleAsync(
            store,
            new Review(As(Bob, "payments-leads"), Verdict.Approve, hash, null, Noon.AddMinutes(1), narrowed)
        );

        await SettleAsync(store, first);

        var second = Assert.Single(await OwedAsync(store));
        Assert.True(second.Round > first.Round);
    }

    private static readonly Domain.Policies.PolicySnapshot TwoApprovals = Policy with
    {
        Hours = null,
        ReviewWithin = null,
        RequiredApprovals = 2,
        Requirements = [new(["payments-leads"], 2)],
    };

    private static async Task OpenAsync(TestStore store, IReadOnlyList<AccessRequestEvent> events)
    {
        await using var session = store.Documents.LightweightSession();
        await session.Open(Id, events, ByAlice, Cancellation);
    }

    private static async Task HandleAsync(TestStore store, params AccessRequestCommand[] commands)
    {
        foreach (var command in commands)
        {
            await using var session = store.Documents.LightweightSession();
            Assert.IsType<Decision.Accepted>((await session.Handle(Id, command, BySystem, Cancellation)).Decision);
        }
    }

    private static async Task SettleAsync(TestStore store, ReviewNotice notice)
    {
        await using var session = store.Documents.LightweightSession();
        await session.SettleNotice(notice, Cancellation);
    }

    private static async Task<IReadOnlyList<ReviewNotice>> OwedAsync(TestStore store)
    {
        await using var session = store.Documents.QuerySession();
        return await session.FindOwedNotices(Noon.AddDays(1), most: 10, Cancellation);
    }
}
