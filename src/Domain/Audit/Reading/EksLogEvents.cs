using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace JitFunctions.Domain.Audit.Reading;

/// <summary>
/// Reads what a CloudWatch Logs subscription of EKS delivers: base64 of gzip of <c>{"messageType":"DATA_MESSAGE",
/// "logGroup":"/aws/eks/(cluster)/cluster","logStream":"kube-apiserver-audit-…","logEvents":[{"id","timestamp",
/// "message":"(the event as JSON text)"}]}</c>. A Lambda gets it in <c>{"awslogs":{"data":"…"}}</c>, a Kinesis stream
/// as gzip. Source: <c>events/cloudwatch_logs.go</c> in aws/aws-lambda-go.
/// </summary>
public static class EksLogEvents
{
    private const string AuditStreams = "kube-apiserver-audit";

    /// <summary>
    /// In bytes, unpacked. A subscription sends at most 1 MB packed (Kinesis: 1 MiB a record); what unpacks to more
    /// than this is not from CloudWatch.
    /// </summary>
    public const int LongestUnpacked = 64 * 1024 * 1024;

    /// <summary>
    /// Never throws. Other log streams of the cluster, and CloudWatch's control messages, are left out.
    /// </summary>
    /// <param name="body">The Lambda event, base64, gzip or the JSON itself.</param>
    public static IReadOnlyList<AuditItemFrom> Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            return Unpack(body) is { } unpacked
                ? ReadMessage(unpacked)
                : [new("", Envelope.Unreadable(body, "it unpacks to too much"))];
        }
        catch (Exception e)
            when (e is JsonException or InvalidOperationException or InvalidDataException or FormatException)
        {
            return [new("", Envelope.Unreadable(body, "it is no message of a CloudWatch subscription"))];
        }
    }

    private static List<AuditItemFrom> ReadMessage(ReadOnlyMemory<byte> message)
    {
        using var document = JsonDocument.Parse(message);
        var json = document.RootElement;
        if (Envelope.Text(json, "messageType") == "CONTROL_MESSAGE")
            return [];
        var origin = Envelope.Text(json, "logGroup") ?? "";
        if (
            Envelope.Text(json, "logStream") is not { } stream
            || !json.TryGetProperty("logEvents", out var events)
            || events.ValueKind != JsonValueKind.Array
        )
        {
            return [new(origin, Envelope.Unreadable(message, "'logStream' or 'logEvents' is missing"))];
        }

        return stream.StartsWith(AuditStreams, StringComparison.Ordinal)
            ?
            [
                .. events
                    .EnumerateArray()
                    .Select(one => new AuditItemFrom(
                        origin,
                        Envelope.Text(one, "message") is { } text
                            ? AuditEventList.ReadOne(Encoding.UTF8.GetBytes(text))
                            : Envelope.Unreadable(Encoding.UTF8.GetBytes(one.GetRawText()), "'message' is missing")
                    )),
            ]
            : [];
    }

    /// <returns>The JSON of the message; null if it is too long.</returns>
    private static ReadOnlyMemory<byte>? Unpack(ReadOnlyMemory<byte> body)
    {
        if (body.Span.StartsWith([(byte)0x1f, (byte)0x8b]))
            return Gunzip(body);
        if (!body.Span.TrimStart(" \t\r\n"u8).StartsWith("{"u8))
            return Gunzip(Convert.FromBase64String(Encoding.ASCII.GetString(body.Span)));
        using var document = JsonDocument.Parse(body);
        return
            document.RootElement.TryGetProperty("awslogs", out var wrapped)
            && Envelope.Text(wrapped, "data") is { } data
            ? Gunzip(Convert.FromBase64String(data))
            : body;
    }

    private static ReadOnlyMemory<byte>? Gunzip(ReadOnlyMemory<byte> packed)
    {
        using var input = new GZipStream(new MemoryStream(packed.ToArray()), CompressionMode.Decompress);
        using var output = new MemoryStream();
        var buffer = new byte[64 * 1024];
        for (int read; (read = input.Read(buffer)) > 0; )
        {
            if (output.Length + read > LongestUnpacked)
                return null;
            output.Write(buffer, 0, read);
        }

        return output.ToArray();
    }
}
