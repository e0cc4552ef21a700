using System.Globalization;
using System.Text;
using System.Text.Json;
using Azure.Messaging.EventHubs;
using Azure.Messaging.EventHubs.Producer;
using JitFunctions.Domain.Audit;
using JitFunctions.Functions.Actions;
using JitFunctions.Functions.Clusters;
using JitFunctions.Functions.EventHubs;
using JitFunctions.Functions.Platform.AppIdentity;
using JitFunctions.Projections;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace JitFunctions.Functions.Tests.EventHubs;

/// <summary>Reading an event hub: nothing is lost or counted twice, and what is missing has a name.</summary>
public sealed class HubFollowerTests(EventStoreFixture store) : IClassFixture<EventStoreFixture>
{
    private static readonly string[] Everybody = ["system:authenticated"];
    private static readonly string[] Loopback = ["127.0.0.1"];

    private const string Aks = "/SUBSCRIPTIONS/S/PROVIDERS/MICROSOFT.CONTAINERSERVICE/MANAGEDCLUSTERS/";
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(200);
    private static readonly DateTimeOffset Day = new(2026, 11, 26, 0, 0, 0, TimeSpan.Zero);

    private readonly string _cluster = $"c{Guid.NewGuid():N}"[..12];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task After_a_restart_it_goes_on_behind_what_was_stored_and_counts_nothing_twice()
    {
        using var hub = EventHubStandIn.Start(_cluster, 1);
        await SendAsync(hub, 0, Records(0, 5));
        await using (await FollowAsync(hub))
            await CountedAsync(5);
        await SendAsync(hub, 0, Records(5, 3));
        await using (await FollowAsync(hub))
            await CountedAsync(8);
        await using (await FollowAsync(hub))
            await Task.Delay(TimeSpan.FromSeconds(1), Cancellation);
        await CountedAsync(8);
        Assert.Contains("amqp.annotation.x-opt-offset > 1000", hub.Filters);
        Assert.Empty(await GapsAsync());
    }

    [Fact]
    public async Task What_was_rolled_back_is_read_again()
    {
        using var hub = EventHubStandIn.Start(_cluster, 1);
        await SqlAsync(
            $"""
            create or replace function refuse_{_cluster}() returns trigger language plpgsql as
                $$ begin raise exception 'killed in the middle'; end $$;
            create trigger refuse_{_cluster} before insert on {EventStore.Schema}.jit_action_counts
                for each row when (new.cluster = '{_cluster}') execute function refuse_{_cluster}();
            """
        );
        await SendAsync(hub, 0, Records(0, 5));
        await using (await FollowAsync(hub))
        {
            await EventuallyAsync(() => Task.FromResult(hub.Filters.Count >= 2)); // it failed, and tries again
            Assert.Equal(0, await CountAsync());
            Assert.Null(await Recorder().PositionAsync(Source(hub).Partition("0"), Cancellation));
            await SqlAsync($"drop trigger refuse_{_cluster} on {EventStore.Schema}.jit_action_counts");
            await CountedAsync(5);
        }
    }

    [Fact]
    public async Task Of_two_that_store_the_same_events_only_one_does()
    {
        using var hub = EventHubStandIn.Start(_cluster, 1);
        var place = Source(hub).Partition("0");
        var delivery = HubDelivery.Of(Source(hub).Clusters, [Records(0, 4)], []);
        var to = new HubPosition(0, "0", Day);

        var stored = await Task.WhenAll(
            Enumerable
                .Range(0, 6)
                .Select(_ =>
                    Recorder()
                        .RecordAsync(
                            place,
                            null,
                            to,
                            [new(_cluster, "", new(Domain.Audit.Reading.AuditSource.Aks, delivery.Items[_cluster]))],
                            0,
                            Day,
                            Cancellation
                        )
                )
        );

        Assert.Equal(1, stored.Count(one => one is not null));
        Assert.Equal(4, await CountAsync());
    }

    [Fact]
    public async Task A_record_that_was_cut_is_a_gap_and_what_no_cluster_has_is_counted()
    {
        using var hub = EventHubStandIn.Start(_cluster, 1);
        await SendAsync(hub, 0, Envelope(Record(Aks + _cluster, Event(0)[..200]), Record(Aks + "OTHER", Event(1))));
        await using (await FollowAsync(hub))
            await EventuallyAsync(async () => (await GapsAsync()).Count == 1);

        Assert.Equal(GapReason.Cut, (await GapsAsync()).Single().Gap.Reason);
        Assert.Equal(
            1L,
            await SqlAsync($"select unassigned from {EventStore.Schema}.jit_action_offsets where hub = '{_cluster}'")
        );
    }

    [Fact]
    public async Task Events_that_were_removed_before_they_were_read_are_a_gap_that_says_which()
    {
        using var hub = EventHubStandIn.Start(_cluster, 1);
        await SendAsync(hub, 0, Records(0, 1), Records(1, 1));
        await using (await FollowAsync(hub))
            await CountedAsync(2);
        await SendAsync(hub, 0, [.. Enumerable.Range(2, 8).Select(i => Records(i, 1))]);
        hub.RemoveBefore(0, 7);
        await using (await FollowAsync(hub))
            await CountedAsync(5);

        var gap = (await GapsAsync()).Single().Gap;
        Assert.Equal(GapReason.Removed, gap.Reason);
        Assert.StartsWith("5 events of localhost", gap.Detail, StringComparison.Ordinal);
        Assert.Contains(": 2 to 6, between", Encoding.UTF8.GetString(gap.Raw.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hub_that_was_created_again_is_read_from_its_beginning_and_that_is_a_gap()
    {
        using var hub = EventHubStandIn.Start(_cluster, 1);
        await SendAsync(hub, 0, [.. Enumerable.Range(0, 5).Select(i => Records(i, 1))]);
        await using (await FollowAsync(hub))
            await CountedAsync(5);
        hub.CreateAgain();
        await SendAsync(hub, 0, Records(10, 2));
        await using (await FollowAsync(hub))
            await CountedAsync(7);

        Assert.Contains("created again", (await GapsAsync()).Single().Gap.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_nodes_share_the_partitions_and_one_takes_over_from_the_other()
    {
        using var hub = EventHubStandIn.Start(_cluster, 4);
        await using var first = await FollowAsync(hub);
        await EventuallyAsync(async () => (await HoldersAsync()).SequenceEqual([4]));
        await using (await FollowAsync(hub))
        {
            await EventuallyAsync(async () => (await HoldersAsync()).SequenceEqual([2, 2]));
            for (var i = 0; i < 40; i++)
                await SendAsync(hub, i % 4, Records(i, 1));
            await CountedAsync(40);
        }

        await EventuallyAsync(async () => (await HoldersAsync()).SequenceEqual([4]));
        for (var i = 40; i < 48; i++)
            await SendAsync(hub, i % 4, Records(i, 1));
        await CountedAsync(48);
        Assert.Empty(await GapsAsync());
    }

    [Theory]
    [InlineData(4, "", 1, "", 4)]
    [InlineData(4, "0 1 2 3", 2, "2 3", 0)]
    [InlineData(5, "0 1 2 3", 2, "3", 0)]
    [InlineData(5, "0 1", 2, "", 1)]
    [InlineData(2, "0", 3, "", 0)]
    [InlineData(2, "", 3, "", 1)]
    [InlineData(1, "0", 0, "", 0)]
    public void A_node_reads_its_share(int partitions, string held, int nodes, string released, int take)
    {
        var share = PartitionShare.Of(partitions, held.Split(' ', StringSplitOptions.RemoveEmptyEntries), nodes);

        Assert.Equal((released, take), (string.Join(' ', share.Release), share.Take));
    }

    private HubSource Source(EventHubStandIn hub) =>
        HubSource
            .Of(
                new Dictionary<string, ClusterOptions>
                {
                    [_cluster] = new()
                    {
                        EventHub = new()
                        {
                            ConnectionString = hub.ConnectionString,
                            Hub = _cluster,
                            ResourceId = (Aks + _cluster).ToLowerInvariant(),
                        },
                    },
                },
                new AppCredentials(new IdentityOptions(), TimeProvider.System)
            )
            .Single();

    private ActionRecorder Recorder() => new(store.Documents);

    private async Task<Running> FollowAsync(EventHubStandIn hub)
    {
        await ActionTables.EnsureAsync(store.Documents, Cancellation);
        var database = NpgsqlDataSource.Create(store.ConnectionString);
        var follower = new HubFollower(
            [Source(hub)],
            store.Documents,
            database,
            Recorder(),
            new FirstUses(
                store.Documents,
                database,
                new SystemCommands(store.Documents),
                TimeProvider.System,
                NullLogger<FirstUses>.Instance
            ),
            TimeProvider.System,
            NullLogger<HubFollower>.Instance
        )
        {
            Interval = Often,
        };
        await follower.StartAsync(Cancellation);
        return new(follower, database);
    }

    private async Task<long> CountAsync() =>
        (
            await new ActionStore(store.Api.Database).CountsAsync(
                _cluster,
                Day.AddDays(-1),
                Day.AddDays(2),
                Cancellation
            )
        ).Sum(count => count.Events);

    private async Task<IReadOnlyList<StoredGap>> GapsAsync() =>
        await new ActionStore(store.Api.Database).GapsOfAsync(
            _cluster,
            "nobody",
            DateTimeOffset.UnixEpoch,
            DateTimeOffset.MaxValue,
            Cancellation
        );

    private async Task CountedAsync(long expected)
    {
        await EventuallyAsync(async () => await CountAsync() >= expected);
        Assert.Equal(expected, await CountAsync());
    }

    // How many partitions each node reads, by the locks in the database.
    private async Task<IReadOnlyList<long>> HoldersAsync()
    {
        await using var query = store.Api.Database.CreateCommand(
            """
            select count(*) from pg_locks
            where locktype = 'advisory' and granted and classid = 1785295984::oid and objid in
                (select hashtext('localhost/' || $1 || '/$Default/' || i)::oid from generate_series(0, 3) i)
            group by pid order by 1
            """
        );
        query.Parameters.Add(new() { Value = _cluster });
        await using var rows = await query.ExecuteReaderAsync(Cancellation);
        List<long> counts = [];
        while (await rows.ReadAsync(Cancellation))
            counts.Add(rows.GetInt64(0));
        return counts;
    }

    private async Task<object?> SqlAsync(string sql)
    {
        await ActionTables.EnsureAsync(store.Documents, Cancellation);
        await using var command = store.Api.Database.CreateCommand(sql);
        return await command.ExecuteScalarAsync(Cancellation);
    }

    private static async Task EventuallyAsync(Func<Task<bool>> isSo)
    {
        var until = TimeProvider.System.GetUtcNow() + Soon;
        while (!await isSo())
        {
            Assert.True(TimeProvider.System.GetUtcNow() < until, "It takes too long.");
            await Task.Delay(Often, Cancellation);
        }
    }

    private async Task SendAsync(EventHubStandIn hub, int partition, params byte[][] bodies)
    {
        await using var producer = new EventHubProducerClient(hub.ConnectionString, _cluster);
        await producer.SendAsync(
            bodies.Select(body => new EventData(body)),
            new SendEventOptions { PartitionId = partition.ToString(CultureInfo.InvariantCulture) },
            Cancellation
        );
    }

    private byte[] Records(int first, int count) =>
        Envelope([.. Enumerable.Range(first, count).Select(i => Record(Aks + _cluster, Event(i)))]);

    private static byte[] Envelope(params object[] records) => JsonSerializer.SerializeToUtf8Bytes(new { records });

    private static object Record(string resourceId, string log) =>
        new
        {
            time = "2026-11-26T23:12:41Z",
            resourceId,
            category = "kube-audit",
            properties = new { log, stream = "stdout" },
        };

    private static string Event(int i) =>
        JsonSerializer.Serialize(
            new
            {
                level = "Metadata",
                auditID = $"audit-{i}",
                stage = "ResponseComplete",
                requestURI = "/api/v1/namespaces/payments/pods",
                verb = "list",
                user = new { username = "unrelated@example.com", groups = Everybody },
                sourceIPs = Loopback,
                objectRef = new
                {
                    resource = "pods",
                    @namespace = "payments",
                    apiVersion = "v1",
                },
                responseStatus = new { code = 200 },
                requestReceivedTimestamp = "2026-11-26T23:12:41.329990Z",
                stageTimestamp = "2026-11-26T23:12:41.332978Z",
                annotations = new Dictionary<string, string>
                {
                    ["authorization.k8s.io/decision"] = "allow",
                    ["authorization.k8s.io/reason"] =
                        "RBAC: allowed by RoleBinding \"team/payments\" of ClusterRole \"view\" to User "
                        + "\"unrelated@example.com\"",
                },
            }
        );

    private sealed class Running(HubFollower follower, NpgsqlDataSource database) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await follower.StopAsync(CancellationToken.None);
            follower.Dispose();
            await database.DisposeAsync();
        }
    }
}
