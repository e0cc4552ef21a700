using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Amqp;
using Amqp.Framing;
using Amqp.Listener;
using Amqp.Sasl;
using Amqp.Types;

namespace JitFunctions.Functions.Tests.EventHubs;

/// <summary>
/// An event hub as Azure's client sees it: AMQP 1.0 with the documented addresses, <c>$cbs</c>, <c>$management</c>,
/// annotations and filters. Events stay until they are removed; each partition counts by itself.
/// </summary>
public sealed partial class EventHubStandIn : IDisposable
{
    private const uint BatchFormat = 0x80013700;
    private const ulong MostBytes = 1024 * 1024;

    private readonly ContainerHost _host;
    private readonly string _name;
    private readonly Partition[] _partitions;

    private EventHubStandIn(ContainerHost host, int port, string name, int partitions)
    {
        (_host, _name, Port) = (host, name, port);
        _partitions = [.. Enumerable.Range(0, partitions).Select(_ => new Partition())];
    }

    public int Port { get; }

    public string ConnectionString =>
        $"Endpoint=sb://localhost:{Port};SharedAccessKeyName=root;SharedAccessKey=secret;UseDevelopmentEmulator=true";

    /// <summary>How many receivers each partition has now, by the partition.</summary>
    public ConcurrentDictionary<string, int> Receivers { get; } = [];

    /// <summary>The filters of all receivers so far.</summary>
    public ConcurrentQueue<string> Filters { get; } = [];

    public static EventHubStandIn Start(string name, int partitions)
    {
        int port;
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            port = ((IPEndPoint)free.LocalEndpoint).Port;
        }

        var host = new ContainerHost(new Address("localhost", port, null, null, "/", "amqp"));
        foreach (var listener in host.Listeners)
        {
            listener.SASL.EnableAnonymousMechanism = true;
            listener.SASL.EnableMechanism("MSSBCBS", SaslProfile.Anonymous);
        }

        var hub = new EventHubStandIn(host, port, name, partitions);
        host.RegisterRequestProcessor("$cbs", new Processor(_ => Answer(null, 202)));
        host.RegisterRequestProcessor("$management", new Processor(hub.Describe));
        host.RegisterLinkProcessor(new Links(hub));
        host.Open();
        return hub;
    }

    /// <summary>Removes the events before this sequence number, as the retention does.</summary>
    public void RemoveBefore(int partition, long sequence) => _partitions[partition].RemoveBefore(sequence);

    /// <summary>As if the hub were deleted and created again.</summary>
    public void CreateAgain()
    {
        foreach (var partition in _partitions)
            partition.Clear();
    }

    public void Dispose() => _host.Close();

    private static Message Answer(object? body, int status) =>
        new()
        {
            BodySection = new AmqpValue { Value = body },
            ApplicationProperties = new()
            {
                ["status-code"] = status,
                ["status-description"] = status == 404 ? "not found" : "OK",
            },
        };

    private Message Describe(Message request)
    {
        var asked = request.ApplicationProperties;
        if ((string)asked["operation"] != "READ" || (string)asked["name"] != _name)
            return Answer(null, 404);
        if ((string)asked["type"] == "com.microsoft:eventhub")
        {
            return Answer(
                new Map
                {
                    ["name"] = _name,
                    ["type"] = "com.microsoft:eventhub",
                    ["created_at"] = DateTime.UnixEpoch,
                    ["partition_count"] = _partitions.Length,
                    ["partition_ids"] = _partitions
                        .Select((_, i) => i.ToString(CultureInfo.InvariantCulture))
                        .ToArray(),
                },
                200
            );
        }

        var id = (string)asked["partition"];
        var (first, last) = _partitions[int.Parse(id, CultureInfo.InvariantCulture)].Range();
        return Answer(
            new Map
            {
                ["name"] = _name,
                ["type"] = "com.microsoft:partition",
                ["partition"] = id,
                ["begin_sequence_number"] = first,
                ["last_enqueued_sequence_number"] = last,
                ["last_enqueued_offset"] = Partition.OffsetOf(last),
                ["last_enqueued_time_utc"] = DateTime.UnixEpoch.AddSeconds(last),
                ["is_partition_empty"] = last < first,
            },
            200
        );
    }

    [GeneratedRegex(@"/ConsumerGroups/[^/]+/Partitions/(\d+)$", RegexOptions.IgnoreCase)]
    private static partial Regex ReceiverAddress();

    [GeneratedRegex(@"/Partitions/(\d+)$", RegexOptions.IgnoreCase)]
    private static partial Regex SenderAddress();

    [GeneratedRegex(@"^amqp\.annotation\.(x-opt-offset|x-opt-sequence-number) (>=?) '?(-?\d+|@latest)'?$")]
    private static partial Regex Filter();

    private sealed class Partition
    {
        private readonly Lock _lock = new();
        private readonly SortedDictionary<long, byte[]> _events = [];
        private long _next;
        private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        // Offsets are no sequence numbers.
        public static string OffsetOf(long sequence) => (sequence * 1000).ToString(CultureInfo.InvariantCulture);

        public void Add(byte[] body)
        {
            lock (_lock)
            {
                _events[_next++] = body;
                _changed.SetResult();
                _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }

        public (long First, long Last) Range()
        {
            lock (_lock)
                return (_events.Count > 0 ? _events.Keys.First() : _next, _next - 1);
        }

        public void RemoveBefore(long sequence)
        {
            lock (_lock)
                foreach (var old in _events.Keys.Where(key => key < sequence).ToList())
                    _events.Remove(old);
        }

        public void Clear()
        {
            lock (_lock)
            {
                _events.Clear();
                _next = 0;
            }
        }

        public async Task<(long Sequence, byte[] Body)> NextAsync(long from, CancellationToken cancellation)
        {
            while (true)
            {
                Task changed;
                lock (_lock)
                {
                    foreach (var (sequence, body) in _events)
                        if (sequence >= from)
                            return (sequence, body);
                    changed = _changed.Task;
                }

                await changed.WaitAsync(cancellation);
            }
        }
    }

    private sealed class Processor(Func<Message, Message> answer) : IRequestProcessor
    {
        public int Credit => 100;

        public void Process(RequestContext context) => context.Complete(answer(context.Message));
    }

    private sealed class Links(EventHubStandIn hub) : ILinkProcessor
    {
        public void Process(AttachContext context)
        {
            // Event Hubs tells its limit. Azure's client takes the default of this library for a negative number.
            context.Attach.MaxMessageSize = MostBytes;
            var source = (context.Attach.Source as Source)?.Address ?? "";
            var target = ((context.Attach.Target as Target)?.Address ?? "").TrimStart('/');
            if (context.Attach.Role && ReceiverAddress().Match(source) is { Success: true } receiver)
            {
                var id = receiver.Groups[1].Value;
                var filters = ((Source)context.Attach.Source).FilterSet;
                var selector = (DescribedValue)filters[new Symbol("apache.org:selector-filter:string")];
                var filter = selector.Value.ToString()!;
                hub.Filters.Enqueue(filter);
                hub.Receivers.AddOrUpdate(id, 1, (_, count) => count + 1);
                context.Link.Closed += (_, _) => hub.Receivers.AddOrUpdate(id, 0, (_, count) => count - 1);
                var partition = hub._partitions[int.Parse(id, CultureInfo.InvariantCulture)];
                context.Complete(
                    new SourceLinkEndpoint(new Messages(partition, FirstOf(filter, partition)), context.Link),
                    0
                );
                return;
            }

            if (!context.Attach.Role && target.StartsWith(hub._name, StringComparison.OrdinalIgnoreCase))
            {
                var id = SenderAddress().Match(target) is { Success: true } one ? one.Groups[1].Value : "0";
                context.Complete(
                    new TargetLinkEndpoint(
                        new Arrivals(hub._partitions[int.Parse(id, CultureInfo.InvariantCulture)]),
                        context.Link
                    ),
                    100
                );
                return;
            }

            context.Complete(new Error(ErrorCode.NotFound) { Description = $"There is no {source}{target}." });
        }

        private static long FirstOf(string filter, Partition partition)
        {
            var match = Filter().Match(filter);
            if (!match.Success)
                throw new AmqpException(ErrorCode.InvalidField, filter);
            var (_, last) = partition.Range();
            var text = match.Groups[3].Value;
            if (text == "@latest")
                return last + 1;
            var value = long.Parse(text, CultureInfo.InvariantCulture);
            if (match.Groups[1].Value == "x-opt-offset" && value >= 0)
                value /= 1000;
            return value < 0 ? 0
                : match.Groups[2].Value == ">" ? value + 1
                : value;
        }
    }

    private sealed class Messages(Partition partition, long first) : IMessageSource
    {
        private long _from = first;

        public async Task<ReceiveContext> GetMessageAsync(ListenerLink link)
        {
            using var closed = new CancellationTokenSource();
            link.Closed += (_, _) => closed.Cancel();
            try
            {
                var (sequence, body) = await partition.NextAsync(_from, closed.Token);
                _from = sequence + 1;
                var message = new Message
                {
                    BodySection = new Data { Binary = body },
                    MessageAnnotations = new()
                    {
                        [new Symbol("x-opt-sequence-number")] = sequence,
                        [new Symbol("x-opt-offset")] = Partition.OffsetOf(sequence),
                        [new Symbol("x-opt-enqueued-time")] = DateTime.UnixEpoch.AddSeconds(sequence),
                    },
                };
                return new ReceiveContext(link, message);
            }
            catch (OperationCanceledException)
            {
                return null!;
            }
        }

        public void DisposeMessage(ReceiveContext receiveContext, DispositionContext dispositionContext) =>
            dispositionContext.Complete();
    }

    private sealed class Arrivals(Partition partition) : IMessageProcessor
    {
        public int Credit => 100;

        public void Process(MessageContext messageContext)
        {
            var message = messageContext.Message;
            if (message.Format == BatchFormat)
            {
                var sections = message.BodySection is DataList list
                    ? Enumerable.Range(0, list.Count).Select(i => list[i].Binary)
                    : [((Data)message.BodySection).Binary];
                foreach (var section in sections)
                    partition.Add(
                        (
                            (Data)Message.Decode(new ByteBuffer(section, 0, section.Length, section.Length)).BodySection
                        ).Binary
                    );
            }
            else
            {
                partition.Add(((Data)message.BodySection).Binary);
            }

            messageContext.Complete();
        }
    }
}
