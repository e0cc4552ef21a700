using System.Text;
using Azure.Messaging.EventHubs;
using Azure.Messaging.EventHubs.Consumer;
using Azure.Messaging.EventHubs.Primitives;
using Azure.Messaging.EventHubs.Producer;

namespace JitFunctions.Functions.Tests.EventHubs;

/// <summary>Azure's own client sends to the stand-in and reads from it.</summary>
public sealed class EventHubStandInTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_Azures_producer_sends_Azures_receiver_gets_from_any_position()
    {
        using var hub = EventHubStandIn.Start("audit", 2);
        await using (var producer = new EventHubProducerClient(hub.ConnectionString, "audit"))
        {
            await producer.SendAsync(
                Enumerable.Range(0, 5).Select(i => new EventData(Encoding.UTF8.GetBytes($"event {i}"))),
                new SendEventOptions { PartitionId = "1" },
                Cancellation
            );
            Assert.Equal(["0", "1"], await producer.GetPartitionIdsAsync(Cancellation));
            var properties = await producer.GetPartitionPropertiesAsync("1", Cancellation);
            Assert.Equal(
                (0, 4, false),
                (properties.BeginningSequenceNumber, properties.LastEnqueuedSequenceNumber, properties.IsEmpty)
            );
        }

        Assert.Equal(
            ["event 0", "event 1", "event 2", "event 3", "event 4"],
            await ReadAsync(hub, EventPosition.Earliest, 5)
        );
        Assert.Equal(
            ["event 3", "event 4"],
            await ReadAsync(hub, EventPosition.FromOffset("2000", isInclusive: false), 2)
        );
        hub.RemoveBefore(1, 4);
        Assert.Equal(["event 4"], await ReadAsync(hub, EventPosition.FromOffset("1000", isInclusive: false), 1));
        Assert.Contains("amqp.annotation.x-opt-offset > 2000", hub.Filters);
    }

    private static async Task<IReadOnlyList<string>> ReadAsync(EventHubStandIn hub, EventPosition from, int count)
    {
        await using var receiver = new PartitionReceiver("$Default", "1", from, hub.ConnectionString, "audit");
        List<string> read = [];
        while (read.Count < count)
        {
            foreach (var one in await receiver.ReceiveBatchAsync(10, TimeSpan.FromSeconds(5), Cancellation))
            {
                Assert.Equal(
                    (one.SequenceNumber * 1000).ToString(System.Globalization.CultureInfo.InvariantCulture),
                    one.OffsetString
                );
                read.Add(one.EventBody.ToString());
            }
        }

        return read;
    }
}
