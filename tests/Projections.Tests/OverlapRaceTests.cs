using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Scopes;
using static JitFunctions.Domain.Requests.AccessRequestCommand;
using static JitFunctions.Projections.Tests.Samples;

namespace JitFunctions.Projections.Tests;

/// <summary>Grants of one user name that are activated at the same time, as on several nodes.</summary>
public sealed class OverlapRaceTests(EventStoreFixture fixture)
{
    private static readonly PolicySnapshot Identity = Policy with
    {
        Automatic = true,
        Enforcement = null,
        Hours = null,
        ReviewWithin = null,
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Overlap.Refuse, 1)]
    [InlineData(Overlap.Merge, 1)]
    [InlineData(Overlap.Allow, 12)]
    public async Task Of_many_that_are_activated_at_once_only_one_becomes_active(Overlap overlap, int expected)
    {
        await using var store = await fixture.NewStoreAsync();
        var requests = await OpenAsync(store, Identity with { Overlap = overlap }, 12);

        var states = await ActivateAsync(store, requests);

        Assert.Equal(expected, states.Count(state => state.Status is RequestStatus.Activating));
        Assert.Equal(12 - expected, states.Count(state => state.Ending?.Cause is EndingCause.ActivationFailed));
    }

    [Fact]
    public async Task Ephemeral_grants_and_those_of_other_people_are_activated_side_by_side()
    {
        await using var store = await fixture.NewStoreAsync();
        var ephemeral = await OpenAsync(store, Identity with { Enforcement = Enforcement.Ephemeral }, 3);
        var other = await OpenAsync(store, Identity, 1, Bob);
        var own = await OpenAsync(store, Identity, 1, first: 50);

        var states = await ActivateAsync(store, [.. ephemeral, .. other, .. own]);

        Assert.Each(states, state => Assert.Equal(RequestStatus.Activating, state.Status));
    }

    [Fact]
    public async Task The_second_waits_while_the_first_is_being_removed_and_is_activated_afterwards()
    {
        await using var store = await fixture.NewStoreAsync();
        var requests = await OpenAsync(store, Identity, 2);
        var first = (await ActivateAsync(store, [requests[0]])).Single();
        await HandleAsync(store, first.Id, new AbandonActivation("stopped", Noon));

        var waiting = (await ActivateAsync(store, [requests[1]])).Single();
        Assert.Equal((RequestStatus.Approved, 1), (waiting.Status, waiting.FailedAttempts));

        await HandleAsync(
            store,
            first.Id,
            new ConfirmRevocation(new DenialProof(DenialVerdict.Denied, "denied"), Noon)
        );
        Assert.Equal(RequestStatus.Activating, (await ActivateAsync(store, [requests[1]])).Single().Status);
    }

    private static async Task<IReadOnlyList<AccessRequest>> OpenAsync(
        TestStore store,
        PolicySnapshot policy,
        int count,
        Principal? requester = null,
        int first = 0
    )
    {
        List<AccessRequest> opened = [];
        foreach (var i in Enumerable.Range(first, count))
        {
            var id = $"{(requester ?? Alice).Username[0]}{(policy.Enforcement is null ? 'i' : 'e')}{i:0000000000}";
            await using var session = store.Documents.LightweightSession();
            await session.Open(
                id,
                AccessRequestDecider.Open(As(requester ?? Alice), Terms, policy, Rights, [], id, Noon),
                BySystem,
                Cancellation
            );
            opened.Add(await store.Documents.ReadRequestAsync(id, Cancellation));
        }

        return opened;
    }

    private static async Task<IReadOnlyList<AccessRequest>> ActivateAsync(
        TestStore store,
        IReadOnlyList<AccessRequest> requests
    ) =>
        await Task.WhenAll(
            requests.Select(request =>
                HandleAsync(
                    store,
                    request.Id,
                    new DecideActivation(new Eligibility.Go(request.ScopeHash), Noon, "jit-access", "one")
                )
            )
        );

    private static async Task<AccessRequest> HandleAsync(TestStore store, string id, AccessRequestCommand command)
    {
        await using var session = store.Documents.LightweightSession();
        return (await session.Handle(id, command, BySystem, Cancellation)).State!;
    }
}
