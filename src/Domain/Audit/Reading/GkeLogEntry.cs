using System.Text.Json;

namespace JitFunctions.Domain.Audit.Reading;

/// <summary>
/// Reads what GKE writes to Cloud Logging, one <c>LogEntry</c> with a <c>google.cloud.audit.AuditLog</c> for each call,
/// as a Pub/Sub sink delivers it: the entry itself, or in <c>{"message":{"data":"(base64)"}}</c>. Sources: the samples
/// <c>test-audit.log</c> in elastic/integrations (packages/gcp), and <c>convert.go</c> of k8saudit-gke in
/// falcosecurity/plugins.
/// </summary>
public static class GkeLogEntry
{
    private static readonly ItemReader.ItemForm Form = new(
        ["/protoPayload/request", "/protoPayload/response"],
        "/labels",
        GkeForm.Read,
        Scrape
    );

    /// <summary>Never throws.</summary>
    /// <returns>Null for an entry that is not of the Kubernetes API server.</returns>
    public static AuditItemFrom? Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            var entry = Unwrap(body);
            var parts = JsonParts.OfObject(entry.Span);
            if (parts.Rest is null && JsonScrape.Text(entry, parts, "protoPayload", "serviceName") != "k8s.io")
                return null;
            return new(Origin(entry, parts), ItemReader.Read(entry, Form));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            return new("", Envelope.Unreadable(body, "it is no LogEntry"));
        }
    }

    private static ReadOnlyMemory<byte> Unwrap(ReadOnlyMemory<byte> body)
    {
        var parts = JsonParts.OfObject(body.Span);
        if (parts.Last("message") is not { } message)
            return body;
        using var document = JsonDocument.Parse(body[message.Range]);
        return Convert.FromBase64String(Envelope.Text(document.RootElement, "data") ?? "");
    }

    private static string Origin(ReadOnlyMemory<byte> entry, JsonParts parts) =>
        JsonScrape.Text(entry, parts, "resource", "labels", "cluster_name") is { } cluster
            ? $"projects/{JsonScrape.Text(entry, parts, "resource", "labels", "project_id")}"
                + $"/locations/{JsonScrape.Text(entry, parts, "resource", "labels", "location")}/clusters/{cluster}"
            : "";

    private static ScrapedFields Scrape(ReadOnlyMemory<byte> entry)
    {
        var parts = JsonParts.OfObject(entry.Span);
        var target = GkeForm.Target(JsonScrape.Text(entry, parts, "protoPayload", "resourceName") ?? "");
        return new(
            JsonScrape.Text(entry, parts, "insertId"),
            JsonScrape.Text(entry, parts, "protoPayload", "authenticationInfo", "principalEmail"),
            JsonScrape.Text(entry, parts, "protoPayload", "authenticationInfo", "authoritySelector"),
            JsonScrape.Text(entry, parts, "protoPayload", "methodName") is { } method ? GkeForm.Verb(method) : null,
            target?.ApiGroup,
            target?.Resource,
            target?.Namespace,
            target?.Name
        );
    }
}
