using Marten.Services;
using static JitFunctions.Projections.Tests.Samples;

namespace JitFunctions.Projections.Tests;

public sealed class AuditReplayTests(EventStoreFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_replay_can_stop_anywhere_and_go_on_without_a_gap()
    {
        await using var store = await fixture.NewStoreAsync();
        for (var i = 0; i < 7; i++)
            await OpenAsync(store, i);

        await using var session = store.Documents.QuerySession();
        var settled = await store.Database.SettledSequence(Cancellation);
        var streams = new List<string>();
        for (long after = 0; ;)
        {
            var page = await session.ReplayAll(after, settled, limit: 3, Cancellation);
            if (page is [])
                break;
            streams.AddRange(page.Select(e => e.StreamKey!));
            after = page[^1].Sequence;
        }

        Assert.Equal(Enumerable.Range(0, 7).Select(Id), streams);
    }

    [Fact]
    public async Task Nothing_is_settled_while_an_earlier_writer_has_not_committed()
    {
        await using var store = await fixture.NewStoreAsync();
        await OpenAsync(store, 0);

        // A writer that has appended, and so taken its sequence number, but has not committed.
        await using var connection = await store.Database.OpenConnectionAsync(Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await using var writer = store.Documents.LightweightSession(SessionOptions.ForTransaction(transaction));
        await writer.Open(Id(1), Open(), ByAlice, Cancellation);

        var settling = store.Database.SettledSequence(Cancellation);
        await Assert.ThrowsAsync<TimeoutException>(() => settling.WaitAsync(TimeSpan.FromMilliseconds(300), Cancellation));
        await transaction.CommitAsync(Cancellation);
        Assert.Equal(2, await settling);
    }

    private static string Id(int i) => $"00000000000{i}";

    private static async Task OpenAsync(TestStore store, int i)
    {
        await using var session = store.Documents.LightweightSession();
        await session.Open(Id(i), Open(), ByAlice, Cancellation);
    }
}
