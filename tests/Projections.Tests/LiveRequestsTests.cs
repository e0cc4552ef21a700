using System.Security.Cryptography;
using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Scopes;
using Marten;
using static JitFunctions.Projections.Tests.Samples;

namespace JitFunctions.Projections.Tests;

/// <summary>What the reconciler reads, with many open requests in the store.</summary>
public sealed class LiveRequestsTests(EventStoreFixture postgres) : IAsyncLifetime
{
    private const int Many = 20_000;
    private TestStore? _store;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private IDocumentStore Documents => _store!.Documents;

    public async ValueTask InitializeAsync()
    {
        _store = await postgres.NewStoreAsync();
        await Documents.Advanced.Clean.DeleteAllDocumentsAsync(Cancellation);
        await Documents.BulkInsertDocumentsAsync(
            Enumerable.Range(0, Many).Select(_ => Details(RequestStatus.Pending)),
            cancellation: Cancellation
        );
    }

    public async ValueTask DisposeAsync()
    {
        if (_store is not null)
            await _store.DisposeAsync();
    }

    [Fact]
    public async Task Removals_that_are_due_are_found_by_an_index_and_alone()
    {
        var ending = Details(RequestStatus.Ending) with
        {
            Ending = new(EndingCause.Expired, Principal.System, null, Noon.AddMinutes(-3)),
        };
        RequestDetails[] due =
        [
            Details(RequestStatus.Active) with
            {
                ExpiresAt = Noon.AddHours(-1),
            },
            Details(RequestStatus.Activating) with
            {
                ActivateBy = Noon.AddMinutes(-5),
            },
            Details(RequestStatus.Approved) with
            {
                ActivateBy = Noon.AddMinutes(-4),
            },
            ending,
            ending with
            {
                Id = NewId(),
                Trouble = new(
                    "revocation-delayed",
                    "away",
                    2,
                    AlarmLevel.Warning,
                    Noon.AddMinutes(-3),
                    Noon.AddMinutes(-2)
                ),
            },
        ];
        // Tried a moment ago: however many there are, they take no place of those that are due.
        var tried = ending with
        {
            Trouble = new("revocation-delayed", "away", 2, AlarmLevel.Warning, Noon.AddHours(-2), Noon.AddSeconds(-59)),
        };
        RequestDetails[] notDue =
        [
            Details(RequestStatus.Active) with
            {
                ExpiresAt = Noon.AddSeconds(1),
            },
            Details(RequestStatus.Ended) with
            {
                ExpiresAt = Noon.AddHours(-1),
            },
            ending with
            {
                Id = NewId(),
                Trouble = new("revocation-delayed", "away", 2, AlarmLevel.Warning, Noon.AddMinutes(-3), Noon),
            },
            .. Enumerable.Range(0, 1000).Select(_ => tried with { Id = NewId() }),
        ];
        await Documents.BulkInsertDocumentsAsync([.. due, .. notDue], cancellation: Cancellation);

        await using var session = Documents.QuerySession();
        var found = await session.FindRemovalsDueAsync(Noon, Noon.AddMinutes(-1), 6, Cancellation);

        Assert.Equal(due.Select(LiveRequest.Of), found);
        Assert.Equal(
            due[..2].Select(LiveRequest.Of),
            await session.FindRemovalsDueAsync(Noon, Noon.AddMinutes(-1), 2, Cancellation)
        );
        await using var analyze = _store!.Database.CreateCommand("analyze jit.mt_doc_requestdetails");
        await analyze.ExecuteNonQueryAsync(Cancellation);
        var plan = await ExplainAsync(
            """
            select d.id from jit.mt_doc_requestdetails d where jit.mt_immutable_timestamptz(d.data ->> 'removalDueAt') < now()
                and (d.data ->> 'status' <> 'ending' or d.data #>> '{trouble,latest}' is null
                    or jit.mt_immutable_timestamptz(d.data ->> 'removalDueAt') < now() - interval '1 minute')
            order by jit.mt_immutable_timestamptz(d.data ->> 'removalDueAt') limit 1000
            """
        );
        Assert.Contains("Index Scan", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("Seq Scan", plan, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_hold_every_live_request_once_and_no_other()
    {
        await Documents.BulkInsertDocumentsAsync(
            [Details(RequestStatus.Denied), Details(RequestStatus.Ended)],
            cancellation: Cancellation
        );
        await using var session = Documents.QuerySession();
        HashSet<string> seen = [];
        for (
            var after = string.Empty;
            await session.ReadLivePageAsync(after, 3000, Cancellation) is [_, ..] page;
            after = page[^1].RequestId
        )
        {
            Assert.InRange(page.Count, 1, 3000);
            Assert.Each(
                page,
                request => Assert.True(seen.Add(request.RequestId) && request.Status is RequestStatus.Pending)
            );
        }

        Assert.Equal(Many, seen.Count);
        Assert.Equal([new LiveCount("demo", RequestStatus.Pending, Many)], await session.CountLiveAsync(Cancellation));
    }

    [Fact]
    public async Task Grants_of_a_cluster_known_ids_and_whether_there_was_ever_a_grant()
    {
        await using var session = Documents.QuerySession();
        Assert.False(await session.HasGrantsAsync(Cancellation));
        var active = Details(RequestStatus.Active) with { ActivatedAt = Noon, ExpiresAt = Noon.AddHours(1) };
        var elsewhere = active with
        {
            Id = NewId(),
            Terms = Terms with { Scope = Terms.Scope with { Cluster = "other" } },
        };
        await Documents.BulkInsertDocumentsAsync([active, elsewhere], cancellation: Cancellation);

        Assert.True(await session.HasGrantsAsync(Cancellation));
        Assert.Equal(LiveRequest.Of(active), Assert.Single(await session.ReadActiveAsync("demo", Cancellation)));
        Assert.Equal([active.Id], await session.KnownAmongAsync([active.Id, "000000000000"], Cancellation));
        Assert.Empty(await session.KnownAmongAsync([], Cancellation));
    }

    private static string NewId() => RequestId.FromBytes(RandomNumberGenerator.GetBytes(12));

    private static RequestDetails Details(RequestStatus status) =>
        new(NewId(), 1, status, Alice, Terms, Policy, Noon.AddHours(-2), Noon.AddHours(2))
        {
            Rights = Rights,
            Dangers = Dangers,
        };

    private async Task<string> ExplainAsync(string sql)
    {
        await using var command = _store!.Database.CreateCommand($"explain {sql}");
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        List<string> lines = [];
        while (await reader.ReadAsync(Cancellation))
            lines.Add(reader.GetString(0));
        return string.Join('\n', lines);
    }
}
