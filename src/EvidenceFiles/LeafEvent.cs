using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using JitFunctions.Domain.Evidence;
using JitFunctions.TransparencyLog.Disclosures;
using JitFunctions.TransparencyLog.Exports;
using JitFunctions.TransparencyLog.Json;
using JitFunctions.TransparencyLog.Leaves;

namespace JitFunctions.EvidenceFiles;

/// <summary>An event read from its leaf: with the values that are disclosed, and without those erased.</summary>
public sealed class LeafEvent : IDisposable
{
    private readonly JsonDocument _data;
    private readonly string? _channel;

    private LeafEvent(long index, EventLeaf leaf, JsonDocument data, string? channel) =>
        (Index, Leaf, _data, _channel) = (index, leaf, data, channel);

    public long Index { get; }

    public EventLeaf Leaf { get; }

    /// <summary>Valid until this is disposed of.</summary>
    public LoggedFact Fact => new(Index, Leaf.Type, Leaf.At, _channel, _data.RootElement);

    /// <exception cref="FormatException">The row is not that of an event.</exception>
    public static LeafEvent Read(ExportLeaf row)
    {
        if (row is not { Data: { } data, Headers: { } headers })
            throw new FormatException($"The row {row.Index} has no data or no headers.");
        try
        {
            var leaf = EventLeaf.Parse(row.Leaf);
            var all = row.Disclosures.Select(Disclosure.Parse).ToList();
            var restored = data;
            if (all is not [])
            {
                var inData = Redaction.DigestsIn(data).ToHashSet(StringComparer.Ordinal);
                restored = Redaction.Restore(data, all.Where(one => inData.Contains(one.Digest)));
            }

            return new(row.Index, leaf, JsonDocument.Parse(restored), Channel(headers));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new FormatException($"The row {row.Index} is not that of an event.", e);
        }
    }

    /// <summary>
    /// The event as a CloudEvent: a line of <see cref="EvidenceNames.Events"/>, in canonical JSON. It follows from the
    /// leaf alone, so that whoever has the leaf can tell whether a line is right.
    /// </summary>
    /// <param name="origin">The name of the log.</param>
    public byte[] ToLine(string origin)
    {
        var json = new JsonObject
        {
            ["specversion"] = "1.0",
            ["id"] = Leaf.Id.ToString("D"),
            ["source"] = $"//{origin}",
            ["type"] = Leaf.Type,
            ["subject"] = Leaf.Stream,
            ["time"] = EvidencePeriod.Text(Leaf.At),
            ["datacontenttype"] = "application/json",
            ["sequence"] = Leaf.Sequence.ToString(CultureInfo.InvariantCulture),
            ["logindex"] = Index.ToString(CultureInfo.InvariantCulture),
            ["data"] = JsonObject.Create(_data.RootElement),
        };
        if (_channel is not null)
            json["channel"] = _channel;
        return [.. CanonicalJson.Format(json.ToJsonString()), (byte)'\n'];
    }

    public void Dispose() => _data.Dispose();

    private static string? Channel(ReadOnlyMemory<byte> headers)
    {
        using var document = JsonDocument.Parse(headers);
        return
            document.RootElement.ValueKind is JsonValueKind.Object
            && document.RootElement.TryGetProperty("headers", out var inner)
            && inner.ValueKind is JsonValueKind.Object
            && inner.TryGetProperty("channel", out var channel)
            && channel.ValueKind is JsonValueKind.String
            ? channel.GetString()
            : null;
    }
}
