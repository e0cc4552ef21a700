using JitFunctions.Domain.Identity;
using JitFunctions.Functions.Http.Requests;

namespace JitFunctions.Functions.Tests.Http.Requests;

public sealed class LongPollsTests(EventStoreFixture store) : IClassFixture<EventStoreFixture>
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);
    private static readonly Caller Alice = new(new("issuer#alice", "alice@example.com"), [])
    {
        OtherAccounts = ["alice.admin@example.com"],
    };
    private static readonly Caller AsAdmin = new(new("issuer#admin", "alice.admin@example.com"), [])
    {
        OtherAccounts = ["alice@example.com"],
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_person_has_twenty_and_the_node_five_hundred_and_each_that_ends_makes_room()
    {
        await store.Documents.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        using var polls = new LongPolls(store.Api, TimeProvider.System);
        using var ending = new CancellationTokenSource();
        using var one = new CancellationTokenSource();
        List<Task> waiting = [WaitAsync(Alice, one.Token)];
        for (var i = 1; i < 20; i++)
            waiting.Add(WaitAsync(i % 2 == 0 ? Alice : AsAdmin, ending.Token));

        Assert.Contains("You have 20 calls", await WaitAsync(Alice, Cancellation), StringComparison.Ordinal);
        Assert.Contains("You have 20 calls", await WaitAsync(AsAdmin, Cancellation), StringComparison.Ordinal);

        await one.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting[0]);
        waiting[0] = WaitAsync(AsAdmin, ending.Token);

        for (var person = 0; waiting.Count < 500; person++)
            waiting.Add(WaitAsync(new(new($"issuer#{person}", $"p{person}@example.com"), []), ending.Token));
        Assert.Contains(
            "This node has 500 calls",
            await WaitAsync(new(new("issuer#late", "late@example.com"), []), Cancellation),
            StringComparison.Ordinal
        );
        Assert.DoesNotContain(waiting, wait => wait.IsCompleted);

        await ending.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(waiting));
        Assert.Null(await polls.WaitAsync(Alice, "000000000000", 1, TimeSpan.FromMilliseconds(1), Cancellation));

        Task<string?> WaitAsync(Caller caller, CancellationToken cancellation) =>
            polls.WaitAsync(caller, "000000000000", 1, Long, cancellation);
    }

    [Fact]
    public async Task Whoever_waits_hears_of_a_change()
    {
        await store.Documents.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        using var polls = new LongPolls(store.Api, TimeProvider.System);
        var waiting = polls.WaitAsync(Alice, "some-stream", seen: 1, Long, Cancellation);
        var other = polls.WaitAsync(Alice, "another-stream", seen: 1, Long, Cancellation);

        await using (
            var command = store.Api.Database.CreateCommand(
                "insert into jit.mt_streams (id, version) values ('some-stream', 2), ('another-stream', 1)"
            )
        )
            await command.ExecuteNonQueryAsync(Cancellation);

        Assert.Null(await waiting.WaitAsync(TimeSpan.FromMinutes(1), Cancellation));
        Assert.False(other.IsCompleted);
    }
}
