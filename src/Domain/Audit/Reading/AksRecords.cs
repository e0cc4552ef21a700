using System.Text;
using System.Text.Json;

namespace JitFunctions.Domain.Audit.Reading;

/// <summary>
/// Reads what AKS sends to Event Hubs by a diagnostic setting: <c>{"records":[{"time","resourceId","category",
/// "operationName","properties":{"log":"(the event as JSON text)","pod"…}}]}</c>. Sources: learn.microsoft.com,
/// "Monitor AKS reference", and the sample <c>test-platformlogs-kube.log</c> in elastic/integrations. Azure cuts
/// <c>log</c> at 16 KiB (Azure/AKS issue 4635), and the annotations, which name the binding, come last: such a record
/// is a gap.
/// </summary>
public static class AksRecords
{
    /// <summary>Never throws. Records of other categories are left out.</summary>
    public static IReadOnlyList<AuditItemFrom> Read(ReadOnlyMemory<byte> body)
    {
        var envelope = JsonParts.OfObject(body.Span);
        if (envelope.Last("records") is not { } part || envelope.Rest is not null)
            return [new("", Envelope.Unreadable(body, "it is no JSON with records"))];
        var all = body[part.Range];
        var records = JsonParts.OfArray(all.Span);
        return records.Rest is null
            ? [.. records.Whole.Select(one => ReadRecord(all[one.Range])).OfType<AuditItemFrom>()]
            : [new("", Envelope.Unreadable(body, "'records' is no array"))];
    }

    private static AuditItemFrom? ReadRecord(ReadOnlyMemory<byte> record)
    {
        try
        {
            using var document = JsonDocument.Parse(record);
            var json = document.RootElement;
            if (Envelope.Text(json, "category") is not ("kube-audit" or "kube-audit-admin"))
                return null;
            // Azure writes the id in upper and in lower case.
            var origin = Envelope.Text(json, "resourceId")?.ToUpperInvariant() ?? "";
            return new(
                origin,
                json.TryGetProperty("properties", out var properties) && Envelope.Text(properties, "log") is { } log
                    ? AuditEventList.ReadOne(Encoding.UTF8.GetBytes(log))
                    : Envelope.Unreadable(record, "'properties.log' is missing")
            );
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return new("", Envelope.Unreadable(record, "a record is no JSON object with text"));
        }
    }
}
