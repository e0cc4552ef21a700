using System.Collections.Concurrent;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace JitFunctions.LocalStack;

/// <param name="Kind">1 internal, 2 server, 3 client, 4 producer, 5 consumer.</param>
/// <param name="Links">The linked spans, as <c>trace/span</c>.</param>
public sealed record CollectedSpan(
    string Scope,
    string Trace,
    string Id,
    string? Parent,
    string Name,
    int Kind,
    IReadOnlyDictionary<string, string> Attributes,
    IReadOnlyList<string> Events,
    IReadOnlyList<string> Links
)
{
    public override string ToString() =>
        $"{Trace[..4]} {Parent ?? "-", 16} > {Id} {Scope}: {Name} "
        + $"{string.Join(" ", Attributes.Select(a => $"{a.Key}={a.Value}"))} {string.Join(" ", Events)}";
}

/// <param name="Value">For a histogram, the number of values.</param>
public sealed record CollectedPoint(
    string Metric,
    string Unit,
    IReadOnlyDictionary<string, string> Attributes,
    double Value
);

/// <summary>
/// Receives traces and metrics like an OpenTelemetry collector, over OTLP with HTTP and protobuf, and keeps what tests
/// need: https://github.com/open-telemetry/opentelemetry-proto/tree/main/opentelemetry/proto.
/// </summary>
public sealed class TelemetryCollector : IAsyncDisposable
{
    private readonly ConcurrentQueue<CollectedSpan> _spans = [];
    private readonly ConcurrentDictionary<string, CollectedPoint> _points = [];
    private readonly WebApplication _site;

    private TelemetryCollector()
    {
        _site = LoopbackSite.Build(Address);
        _site.MapPost("/v1/traces", call => TakeAsync(call, ReadTraces));
        _site.MapPost("/v1/metrics", call => TakeAsync(call, ReadMetrics));
    }

    public Uri Address { get; } = new($"http://127.0.0.1:{FreePort.Next()}");

    /// <summary>The spans, ordered by their end.</summary>
    public IReadOnlyList<CollectedSpan> Spans => [.. _spans];

    /// <summary>The latest point of each series.</summary>
    public IReadOnlyList<CollectedPoint> Points => [.. _points.Values];

    /// <summary>The settings with which an app exports to this collector with a short delay.</summary>
    public IReadOnlyDictionary<string, string?> Settings =>
        new Dictionary<string, string?>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = Address.OriginalString,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
        };

    public static async Task<TelemetryCollector> StartAsync(CancellationToken cancellation = default)
    {
        var collector = new TelemetryCollector();
        await collector._site.StartAsync(cancellation);
        return collector;
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    private static async Task TakeAsync(HttpContext call, Action<ProtobufFields> read)
    {
        using var body = new MemoryStream();
        await call.Request.Body.CopyToAsync(body);
        read(new(body.ToArray()));
        call.Response.ContentType = "application/x-protobuf";
    }

    private void ReadTraces(ProtobufFields export)
    {
        foreach (var scope in export.Messages(1).SelectMany(resource => resource.Messages(2)))
        {
            foreach (var span in scope.Messages(2))
            {
                _spans.Enqueue(
                    new(
                        scope.Messages(1).Single().Text(1),
                        span.Hex(1),
                        span.Hex(2),
                        span.Hex(4) is { Length: > 0 } parent ? parent : null,
                        span.Text(5),
                        (int)span.Number(6),
                        Attributes(span.Messages(9)),
                        [
                            .. span.Messages(11)
                                .Select(e =>
                                    $"{e.Text(2)} {string.Join(" ", Attributes(e.Messages(3)).Values)}".Trim()
                                ),
                            .. span.Messages(15).Select(status => status.Text(2)),
                        ],
                        [.. span.Messages(13).Select(link => $"{link.Hex(1)}/{link.Hex(2)}")]
                    )
                );
            }
        }
    }

    private void ReadMetrics(ProtobufFields export)
    {
        foreach (
            var metric in export
                .Messages(1)
                .SelectMany(resource => resource.Messages(2))
                .SelectMany(scope => scope.Messages(2))
        )
        {
            var numbers = metric
                .Messages(5)
                .Concat(metric.Messages(7))
                .SelectMany(data => data.Messages(1))
                .Select(point =>
                    (Labels: Attributes(point.Messages(7)), Value: point.Has(4) ? point.Double(4) : point.Number(6))
                );
            var histograms = metric
                .Messages(9)
                .SelectMany(data => data.Messages(1))
                .Select(point => (Labels: Attributes(point.Messages(9)), Value: (double)point.Number(4)));
            foreach (var (labels, value) in numbers.Concat(histograms))
            {
                var point = new CollectedPoint(metric.Text(1), metric.Text(3), labels, value);
                var words = labels.OrderBy(label => label.Key).Select(label => $"{label.Key}={label.Value}");
                _points[$"{point.Metric} {string.Join(",", words)}"] = point;
            }
        }
    }

    private static Dictionary<string, string> Attributes(IEnumerable<ProtobufFields> pairs) =>
        pairs.ToDictionary(
            pair => pair.Text(1),
            pair =>
            {
                var value = pair.Messages(2).Single();
                return value.Has(1) ? value.Text(1)
                    : value.Has(4) ? value.Double(4).ToString(System.Globalization.CultureInfo.InvariantCulture)
                    : value.Number(value.Has(3) ? 3 : 2).ToString(System.Globalization.CultureInfo.InvariantCulture);
            }
        );
}

/// <summary>The fields of one protobuf message, by their numbers.</summary>
internal sealed class ProtobufFields
{
    private readonly List<(int Field, ByteString? Bytes, long Number)> _fields = [];

    public ProtobufFields(byte[] message)
    {
        var input = new CodedInputStream(message);
        while (input.ReadTag() is not 0 and var tag)
        {
            var field = WireFormat.GetTagFieldNumber(tag);
            _fields.Add(
                WireFormat.GetTagWireType(tag) switch
                {
                    WireFormat.WireType.LengthDelimited => (field, input.ReadBytes(), 0),
                    WireFormat.WireType.Fixed64 => (field, null, input.ReadSFixed64()),
                    WireFormat.WireType.Fixed32 => (field, null, input.ReadSFixed32()),
                    _ => (field, null, input.ReadInt64()),
                }
            );
        }
    }

    public bool Has(int field) => _fields.Any(found => found.Field == field);

    public IEnumerable<ProtobufFields> Messages(int field) =>
        _fields.Where(found => found.Field == field).Select(found => new ProtobufFields(found.Bytes!.ToByteArray()));

    public string Text(int field) => Bytes(field).ToStringUtf8();

    public string Hex(int field) => Convert.ToHexStringLower(Bytes(field).Span);

    public long Number(int field) => _fields.FirstOrDefault(found => found.Field == field).Number;

    public double Double(int field) => BitConverter.Int64BitsToDouble(Number(field));

    private ByteString Bytes(int field) =>
        _fields.FirstOrDefault(found => found.Field == field).Bytes ?? ByteString.Empty;
}
