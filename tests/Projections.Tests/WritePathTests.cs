using JasperFx;
using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Scopes;
using Marten;
using Marten.Exceptions;
using static JitFunctions.Domain.Requests.AccessRequestCommand;
using static JitFunctions.Projections.Tests.Samples;

namespace JitFunctions.Projections.Tests;

public sealed class WritePathTests(EventStoreFixture fixture)
{
    private const string Id = "3f9k2m7xq0ab";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_command_appends_what_the_decider_decided_and_answers_with_the_new_state()
    {
        await using var store = await fixture.NewStoreAsync();
        await OpenAsync(store);

        await using var session = store.Documents.LightweightSession();
        var outcome = await session.Handle(Id, Approves(Bob, Noon, "go"), ByBob, Cancellation);

        Assert.Equal(RequestStatus.Approved, outcome.State!.Status);
        Assert.Equal(3, outcome.Version);
        var stored = await session.Events.FetchStreamAsync(Id, token: Cancellation);
        Assert.Equal(["access_requested", "request_reviewed", "request_approved"], stored.Select(e => e.EventTypeName));
        Assert.Equal([1L, 2L, 3L], stored.Select(e => e.Version));
    }

    [Fact]
    public async Task Every_event_carries_who_caused_it_and_how_it_came_in()
    {
        await using var store = await fixture.NewStoreAsync();
        await OpenAsync(store);

        await using var session = store.Documents.QuerySession();
        var stored = Assert.Single(await session.Events.FetchStreamAsync(Id, token: Cancellation));
        Assert.Equal(Alice.Username, stored.UserName);
        Assert.Equal(Alice.Subject, Provenance.SubjectOf(stored));
        Assert.Equal("api", Provenance.ChannelOf(stored));
        Assert.Equal("demo", Provenance.ClusterOf(stored));
        Assert.Equal("trace-1", stored.CorrelationId);
    }

    [Fact]
    public async Task A_request_that_does_not_exist_is_not_found_and_nothing_is_written()
    {
        await using var store = await fixture.NewStoreAsync();
        await using var session = store.Documents.LightweightSession();
        var outcome = await session.Handle("000000000000", new Lapse(Noon), BySystem, Cancellation);

        Assert.Equal("not-found", Assert.IsType<Decision.Rejected>(outcome.Decision).Why.Code);
        Assert.Empty(await session.Events.FetchStreamAsync("000000000000", token: Cancellation));
    }

    [Fact]
    public async Task The_same_id_cannot_be_opened_twice()
    {
        await using var store = await fixture.NewStoreAsync();
        await OpenAsync(store);
        await Assert.ThrowsAsync<ExistingStreamIdCollisionException>(() => OpenAsync(store));
    }

    [Fact]
    public async Task Of_many_reviewers_at_once_exactly_one_decides_and_the_others_see_a_conflict_or_the_decision()
    {
        await using var store = await fixture.NewStoreAsync();
        await OpenAsync(store);

        var outcomes = await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .Select(async i =>
                {
                    await using var session = store.Documents.LightweightSession();
                    var reviewer = As(new($"https://issuer#r{i}", $"r{i}@example.com"), "payments-leads");
                    var verdict = i % 2 == 0 ? Verdict.Approve : Verdict.Deny;
                    try
                    {
                        return (
                                await session.Handle(
                                    Id,
                                    new Review(reviewer, verdict, Hash, null, Noon),
                                    ByBob,
                                    Cancellation
                                )
                            ).Decision is Decision.Accepted;
                    }
                    catch (ConcurrencyException)
                    {
                        return false;
                    }
                })
        );

        Assert.Single(outcomes, accepted => accepted);
        await using var query = store.Documents.QuerySession();
        var names = (await query.Events.FetchStreamAsync(Id, token: Cancellation))
            .Select(e => e.EventTypeName)
            .ToList();
        Assert.Equal(3, names.Count);
        Assert.Single(names, name => name is "request_approved" or "request_denied");
    }

    [Fact]
    public async Task Of_many_that_append_at_once_none_loses_and_readers_do_not_wait()
    {
        await using var store = await fixture.NewStoreAsync();
        await OpenAsync(store);

        await using (var holder = store.Documents.LightweightSession())
        {
            // The lock is held, by a transaction of which nothing is stored.
            await holder.Events.FetchForExclusiveWriting<AccessRequest>(Id, Cancellation);
            await using var reader = store.Documents.LightweightSession();
            Assert.Equal(1, (await reader.Foresee(Id, new Lapse(Noon), Cancellation)).Version);
            Assert.NotNull(await reader.LoadAsync<RequestDetails>(Id, Cancellation));
        }

        var outcomes = await Task.WhenAll(
            Enumerable
                .Range(0, 40)
                .Select(async i =>
                {
                    await using var session = store.Documents.LightweightSession();
                    var drift = new Drift(DriftKind.Stray, "payments", $"jit-{i}", "made by hand", DriftRemedy.Removed);
                    return await session.Handle(Id, new ReportDrift(drift, Noon), BySystem, Cancellation);
                })
        );

        Assert.Each(outcomes, outcome => Assert.IsType<Decision.Accepted>(outcome.Decision));
        Assert.Equal(
            Enumerable.Range(2, 40).Select(version => (long)version),
            outcomes.Select(outcome => outcome.Version).Order()
        );
    }

    [Fact]
    public async Task A_writer_that_stands_still_does_not_keep_the_others_from_the_request_for_long()
    {
        await using var store = await fixture.NewStoreAsync();
        await OpenAsync(store);
        var frozen = new Frozen();
        using var node = DocumentStore.For(options =>
        {
            EventStore.Configure(options, store.Database, createSchema: false);
            options.Listeners.Add(frozen);
        });
        await using var still = node.LightweightSession();
        var standing = still.Handle(Id, new Withdraw(As(Alice), null, Noon), ByAlice, Cancellation);
        await frozen.IsReached.Task.WaitAsync(Cancellation);

        await using var session = store.Documents.LightweightSession();
        var outcome = await session.Handle(Id, Approves(Bob, Noon, "go"), ByBob, Cancellation);
        Assert.Equal(RequestStatus.Approved, outcome.State!.Status);

        frozen.Goes.SetResult();
        await Assert.ThrowsAnyAsync<Exception>(() => standing);
        await using var query = store.Documents.QuerySession();
        Assert.DoesNotContain(
            "request_withdrawn",
            (await query.Events.FetchStreamAsync(Id, token: Cancellation)).Select(e => e.EventTypeName)
        );
    }

    private sealed class Frozen : DocumentSessionListenerBase
    {
        public TaskCompletionSource IsReached { get; } = new();

        public TaskCompletionSource Goes { get; } = new();

        public override Task BeforeSaveChangesAsync(IDocumentSession session, CancellationToken token)
        {
            IsReached.SetResult();
            return Goes.Task;
        }
    }

    private static async Task OpenAsync(TestStore store)
    {
        await using var session = store.Documents.LightweightSession();
        await session.Open(Id, Open(), ByAlice, Cancellation);
    }
}
