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
        for (long after = 0; ; )
        {
            var page = await session.ReplayAll(after, settled, limit: 3, since: null, until: null, Cancellation);
            if (page is [])
                break;
            streams.AddRange(page.Select(e => e.StreamKey!));
            after = page[^1].Sequence;
        }

        Assert.Equal(Enumerable.Range(0, 7).Select(Id), streams);
    }

    [Theory]
    [InlineData(0, 200, 0, 199)]
    [InlineData(50, 60, 50, 59)]
    [InlineData(199, 300, 199, 199)]
    [InlineData(-5, 1, 0, 0)]
    public async Task A_time_finds_all_of_it_and_nothing_else_wherever_it_begins(
        int since,
        int until,
        int first,
        int last
    )
    {
        await using var store = await StoreOfAnEventEachHourAsync();
        await using var session = store.Documents.QuerySession();

        var found = await session.ReplayAll(
            0,
            1000,
            limit: 1000,
            Begin.AddHours(since),
            Begin.AddHours(until),
            Cancellation
        );

        Assert.Equal(Enumerable.Range(first, last - first + 1).Select(Id), found.Select(e => e.StreamKey!));
    }

    [Fact]
    public async Task A_time_is_read_page_by_page_and_where_nothing_was_recorded_is_nothing()
    {
        await using var store = await StoreOfAnEventEachHourAsync();
        await using var session = store.Documents.QuerySession();

        var page = await session.ReplayAll(0, 1000, limit: 3, Begin.AddHours(50), until: null, Cancellation);
        Assert.Equal([Id(50), Id(51), Id(52)], page.Select(e => e.StreamKey!));
        page = await session.ReplayAll(
            page[^1].Sequence,
            1000,
            limit: 3,
            Begin.AddHours(50),
            Begin.AddHours(54),
            Cancellation
        );
        Assert.Equal([Id(53)], page.Select(e => e.StreamKey!));
        Assert.Empty(
            await session.ReplayAll(
                page[^1].Sequence,
                1000,
                limit: 3,
                Begin.AddHours(50),
                Begin.AddHours(54),
                Cancellation
            )
        );
        Assert.Empty(await session.ReplayAll(0, 1000, limit: 3, Begin.AddHours(300), until: null, Cancellation));
        Assert.Empty(await session.ReplayAll(0, 1000, limit: 3, since: null, Begin, Cancellation));
    }

    [Fact]
    public async Task Clocks_that_differ_hide_no_event()
    {
        await using var store = await StoreOfAnEventEachHourAsync();
        // The event behind was stored by a node whose clock is slow.
        await using var shift = store.Database.CreateCommand(
            "update jit.mt_events set timestamp = timestamp - interval '90m' where stream_id = $1"
        );
        shift.Parameters.Add(new() { Value = Id(51) });
        Assert.Equal(1, await shift.ExecuteNonQueryAsync(Cancellation));
        await using var session = store.Documents.QuerySession();

        var found = await session.ReplayAll(0, 1000, limit: 1000, Begin.AddHours(50), Begin.AddHours(51), Cancellation);

        Assert.Equal([Id(50)], found.Select(e => e.StreamKey!));
    }

    private static readonly DateTimeOffset Begin = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    private async Task<TestStore> StoreOfAnEventEachHourAsync()
    {
        var store = await fixture.NewStoreAsync();
        for (var i = 0; i < 200; i++)
            await OpenAsync(store, i);
        await using var time = store.Database.CreateCommand(
            "update jit.mt_events e set timestamp = $1 + interval '1h' * (n.row - 1) from (select seq_id, "
                + "row_number() over (order by seq_id) as row from jit.mt_events) n where n.seq_id = e.seq_id"
        );
        time.Parameters.Add(new() { Value = Begin });
        await time.ExecuteNonQueryAsync(Cancellation);
        return store;
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
        await Assert.ThrowsAsync<TimeoutException>(() =>
            settling.WaitAsync(TimeSpan.FromMilliseconds(300), Cancellation)
        );
        await transaction.CommitAsync(Cancellation);
        Assert.Equal(2, await settling);
    }

    [Fact]
    public async Task What_was_settled_stays_as_it_was_while_many_write_at_once()
    {
        await using var store = await fixture.NewStoreAsync();
        await OpenAsync(store, 0);
        var writers = Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(async writer =>
                {
                    for (var i = 0; i < 60; i++)
                        await OpenAsync(store, $"{writer + 1:x2}{i:x10}");
                })
        );

        List<(long Settled, long Events)> looks = [];
        do
        {
            var settled = await store.Database.SettledSequence(Cancellation);
            looks.Add((settled, await CountUpToAsync(store, settled)));
        } while (!writers.IsCompleted);
        await writers;

        foreach (var (settled, events) in looks)
            Assert.Equal(events, await CountUpToAsync(store, settled));
        Assert.Equal(481, await CountUpToAsync(store, long.MaxValue));
    }

    [Fact]
    public async Task Of_a_store_that_nothing_was_written_to_nothing_is_settled()
    {
        await using var store = await fixture.NewStoreAsync();
        Assert.Equal(0, await store.Database.SettledSequence(Cancellation));
    }

    private static string Id(int i) => $"00000000000{i}";

    private static Task OpenAsync(TestStore store, int i) => OpenAsync(store, Id(i));

    private static async Task OpenAsync(TestStore store, string id)
    {
        await using var session = store.Documents.LightweightSession();
        await session.Open(id, Open(), ByAlice, Cancellation);
    }

    private static async Task<long> CountUpToAsync(TestStore store, long sequence)
    {
        await using var command = store.Database.CreateCommand(
            $"select count(*) from jit.mt_events where seq_id <= {sequence}"
        );
        return (long)(await command.ExecuteScalarAsync(Cancellation))!;
    }
}
