using Azure.Messaging.EventHubs;
using Azure.Messaging.EventHubs.Consumer;
using JitFunctions.Domain.Audit;
using JitFunctions.Domain.Audit.Reading;
using JitFunctions.Functions.Actions;
using JitFunctions.Projections;
using Microsoft.Extensions.Logging;

namespace JitFunctions.Functions.EventHubs;

/// <summary>Another node has stored what this one was about to store.</summary>
internal sealed class ReadElsewhereException(HubPartition partition)
    : Exception($"{partition} is read by another node as well.");

/// <summary>
/// Reads one partition of a hub: what it stores and how far it has come are one transaction, so it may end anywhere.
/// </summary>
internal sealed class PartitionReader(
    HubSource source,
    string partition,
    ActionRecorder recorder,
    FirstUses firstUses,
    TimeProvider clock,
    ILogger log
)
{
    public const int MostEvents = 100;

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    private readonly HubPartition _place = source.Partition(partition);

    /// <summary>Reads until it is cancelled.</summary>
    /// <exception cref="ReadElsewhereException" />
    public async Task RunAsync(CancellationToken cancellation)
    {
        await using var connection = source.Connect();
        var at = await recorder.PositionAsync(_place, cancellation);
        await using var receiver = source.Receiver(
            connection,
            partition,
            await IsEarlierHubAsync(connection, at, cancellation) || at is null
                ? EventPosition.Earliest
                : EventPosition.FromOffset(at.Offset, isInclusive: false)
        );
        while (!cancellation.IsCancellationRequested)
        {
            List<EventData> events = [.. await receiver.ReceiveBatchAsync(MostEvents, LongestWait, cancellation)];
            if (events is [_, ..])
                at = await StoreAsync(at, events, cancellation);
        }
    }

    // A hub that was deleted and created again counts from the beginning.
    private async Task<bool> IsEarlierHubAsync(
        EventHubConnection connection,
        HubPosition? at,
        CancellationToken cancellation
    )
    {
        if (at is null)
            return false;
        await using var consumer = new EventHubConsumerClient(source.ConsumerGroup, connection);
        var now = await consumer.GetPartitionPropertiesAsync(partition, cancellation);
        return now.LastEnqueuedSequenceNumber < at.Sequence;
    }

    private async Task<HubPosition> StoreAsync(
        HubPosition? from,
        IReadOnlyList<EventData> events,
        CancellationToken cancellation
    )
    {
        var (last, lastAt) = (from?.Sequence, from?.EnqueuedAt);
        List<AuditGap> gaps = [];
        foreach (var one in events)
        {
            if (HubSequence.Missing(_place.ToString(), last, lastAt, one.SequenceNumber, one.EnqueuedTime) is { } gap)
                gaps.Add(gap);
            (last, lastAt) = (one.SequenceNumber, one.EnqueuedTime);
        }

        foreach (var gap in gaps)
            log.LogError("{Gap}", gap.Detail);
        var delivery = HubDelivery.Of(source.Clusters, events.Select(one => one.EventBody.ToMemory()), gaps);
        foreach (var (resource, count) in delivery.Unknown)
            log.LogWarning(
                "{Count} audit records in {Partition} are of {Resource}, which is EventHub:ResourceId of no cluster",
                count,
                _place,
                resource
            );
        var end = events[^1];
        var to = new HubPosition(end.SequenceNumber, end.OffsetString, end.EnqueuedTime);
        var recorded = await recorder.RecordAsync(
            _place,
            from,
            to,
            [
                .. delivery.Items.Select(one => new ClusterDelivery(
                    one.Key,
                    source.UsernamePrefixes[one.Key],
                    new(AuditSource.Aks, one.Value)
                )),
            ],
            delivery.Unknown.Values.Sum(),
            clock.GetUtcNow(),
            cancellation
        );
        firstUses.BeginToRecord([
            .. (recorded ?? throw new ReadElsewhereException(_place)).SelectMany(one => one.Used).Distinct(),
        ]);
        return to;
    }
}
