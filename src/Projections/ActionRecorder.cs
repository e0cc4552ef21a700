using JitFunctions.Domain.Audit;
using JitFunctions.Domain.Audit.Reading;
using JitFunctions.Domain.Grants;
using Marten;

namespace JitFunctions.Projections;

/// <param name="Kept">How many events were kept, repeats included.</param>
/// <param name="Used">Grants whose first use is perhaps not recorded yet.</param>
public sealed record RecordedDelivery(int Kept, int Gaps, long Counted, IReadOnlyList<string> Used);

/// <summary>A delivery, and the cluster that it is about.</summary>
/// <param name="UsernamePrefix">What the cluster adds to the user names of tokens.</param>
public sealed record ClusterDelivery(string Cluster, string UsernamePrefix, AuditDelivery Delivery);

/// <summary>
/// Records deliveries of audit logs: the rows, and the events that put them into the transparency log.
/// </summary>
public sealed class ActionRecorder(IDocumentStore documents)
{
    /// <summary>
    /// Records a delivery in one transaction: all of it, or nothing. A repeat changes nothing. When this returns, it is
    /// stored.
    /// </summary>
    /// <param name="usernamePrefix">What the cluster adds to the user names of tokens.</param>
    /// <param name="hash">The SHA-256 of what was received.</param>
    public async Task<RecordedDelivery> RecordAsync(
        string cluster,
        string usernamePrefix,
        AuditDelivery delivery,
        ReadOnlyMemory<byte> hash,
        DateTimeOffset receivedAt,
        CancellationToken cancellation
    )
    {
        await ActionTables.EnsureAsync(documents, cancellation);
        await using var session = documents.LightweightSession();
        await session.BeginTransactionAsync(cancellation);
        var recorded = await AddAsync(session, new(cluster, usernamePrefix, delivery), hash, receivedAt, cancellation);
        await session.SaveChangesAsync(cancellation);
        return recorded;
    }

    /// <summary>
    /// Records what a partition of an event hub told, and how far it was read, in one transaction. So nothing is lost
    /// or counted twice, wherever a reader ends and however many there are.
    /// </summary>
    /// <param name="from">The position after which it was read; null if that was the beginning.</param>
    /// <param name="unassigned">Of how many records no cluster is known.</param>
    /// <returns>What was recorded for each cluster. Null if the position is another one by now, because somebody else
    /// reads the partition: then nothing was recorded.</returns>
    public async Task<IReadOnlyList<RecordedDelivery>?> RecordAsync(
        HubPartition partition,
        HubPosition? from,
        HubPosition to,
        IReadOnlyList<ClusterDelivery> deliveries,
        int unassigned,
        DateTimeOffset receivedAt,
        CancellationToken cancellation
    )
    {
        await using var session = documents.LightweightSession();
        await session.BeginTransactionAsync(cancellation);
        if (
            !await HubOffsets.AdvanceAsync(
                session.Connection,
                partition,
                from,
                to,
                unassigned,
                receivedAt,
                cancellation
            )
        )
            return null;
        var id = partition.DeliveryId(from, to);
        List<RecordedDelivery> recorded = [];
        // In one order, so that readers of two partitions do not block each other.
        foreach (var delivery in deliveries.OrderBy(one => one.Cluster, StringComparer.Ordinal))
            recorded.Add(await AddAsync(session, delivery, id, receivedAt, cancellation));
        await session.SaveChangesAsync(cancellation);
        return recorded;
    }

    /// <summary>Reads how far a partition of an event hub was read; null if it never was.</summary>
    public async Task<HubPosition?> PositionAsync(HubPartition partition, CancellationToken cancellation)
    {
        await ActionTables.EnsureAsync(documents, cancellation);
        await using var session = documents.LightweightSession();
        await session.BeginTransactionAsync(cancellation);
        return await HubOffsets.ReadAsync(session.Connection, partition, cancellation);
    }

    private static async Task<RecordedDelivery> AddAsync(
        IDocumentSession session,
        ClusterDelivery given,
        ReadOnlyMemory<byte> hash,
        DateTimeOffset receivedAt,
        CancellationToken cancellation
    )
    {
        var (cluster, usernamePrefix, delivery) = given;
        IReadOnlyList<AuditEvent> events = [.. delivery.Items.OfType<ReceivedEvent>().Select(one => one.Event)];
        var grants = await session.GrantsOfAsync(cluster, usernamePrefix, events, receivedAt, cancellation);
        var batch = ActionBatch.Of(
            cluster,
            delivery.Items,
            [.. grants.Select(held => held.Grant)],
            GrantsInCluster.Window
        );

        var connection = session.Connection;
        var rows = await ActionStore.WriteAsync(connection, batch, hash, receivedAt, cancellation);
        await session.LockClusterAsync(cluster, cancellation);
        // With the lock, because two deliveries may bring the two actions at the same time.
        var reused = rows.Actions.Count > 0 ? await ActionStore.FindReusedAsync(connection, batch, cancellation) : [];
        var source = delivery.Source.ToString().ToLowerInvariant();
        List<ClusterEvent> facts =
        [
            .. ClusterEvent.ActionsRecorded.AllOf(
                cluster,
                source,
                rows.Actions,
                rows.Gaps,
                batch.Counts.Total,
                receivedAt
            ),
        ];
        var isNew = rows.Actions.ToHashSet(StringComparer.Ordinal);
        if (
            reused.Where(one => one.Events.Count(known => !isNew.Contains(known.Hash)) < 2).Select(Describe).ToList()
            is [_, ..] found
        )
            facts.Add(new ClusterEvent.AuditIdReused(found, receivedAt));
        if (facts is [_, ..])
            session.AppendToCluster(cluster, facts, Channel.Audit);
        ActionStore.AdvanceFeed(session, batch, receivedAt);
        var alreadyUsed = grants.Where(held => held.IsUsed).Select(held => held.Grant.RequestId).ToHashSet();
        IReadOnlyList<string> used =
        [
            .. batch
                .Actions.Where(kept => kept.Action.Attribution == AttributionKind.Exact)
                .SelectMany(kept => kept.Action.Grants)
                .Distinct()
                .Where(id => !alreadyUsed.Contains(id)),
        ];
        session.Store(used.Select(id => new PendingFirstUse(id, receivedAt)));
        return new(batch.Actions.Count, batch.Gaps.Count, batch.Counts.Total, used);
    }

    private static ReusedAuditId Describe(AuditIdReused reused) =>
        new(
            reused.AuditId,
            reused.Stage.ToString(),
            [.. reused.Events.Select(one => one.User).Distinct()],
            [.. reused.Events.Select(one => one.Hash)]
        );
}
