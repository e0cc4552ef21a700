namespace JitFunctions.Domain.Audit.Reading;

/// <summary>
/// Reads what an API server's audit webhook sends: an <c>EventList</c> of <c>audit.k8s.io/v1</c>, up to 10 MB
/// (<c>--audit-webhook-truncate-max-batch-size</c>), and a single event as it stands in a log file.
/// </summary>
public static class AuditEventList
{
    internal static readonly ItemReader.ItemForm Form = new(
        ["/requestObject", "/responseObject"],
        "/annotations",
        EventForm.Read,
        Scrape
    );

    /// <summary>
    /// Never throws. An item that is broken is a gap, and the others are read nevertheless; only what follows a place
    /// where the JSON itself breaks off is one gap as a whole.
    /// </summary>
    public static IReadOnlyList<AuditItem> Read(ReadOnlyMemory<byte> body)
    {
        var list = JsonParts.OfObject(body.Span);
        var isList = Is(body, list, "kind", "EventList") && Is(body, list, "apiVersion", "audit.k8s.io/v1");
        var items = list.Last("items")?.Range ?? (list.RestName == "items" ? list.Rest!.Value..body.Length : null);
        if (!isList || items is not { } range)
        {
            var problem = list.Rest is null
                ? "it is no EventList of audit.k8s.io/v1 with items"
                : "it is no whole JSON";
            return [ItemReader.Gap(GapReason.NotAnEnvelope, problem, body, Form)];
        }

        var all = body[range];
        var parts = JsonParts.OfArray(all.Span);
        List<AuditItem> read = [.. parts.Whole.Select(part => ReadOne(all[part.Range]))];
        if (list.Rest is not null && parts.Rest is { } rest)
            read.Add(ItemReader.Gap(parts.IsCut ? GapReason.Cut : GapReason.NotJson, "", all[rest..], Form));
        return read;
    }

    /// <summary>Reads one event. Never throws.</summary>
    public static AuditItem ReadOne(ReadOnlyMemory<byte> item) => ItemReader.Read(item, Form);

    private static bool Is(ReadOnlyMemory<byte> body, JsonParts list, string name, string value) =>
        JsonScrape.Text(body, list, name) == value;

    private static ScrapedFields Scrape(ReadOnlyMemory<byte> item)
    {
        var parts = JsonParts.OfObject(item.Span);
        return new(
            Text("auditID"),
            Text("user", "username"),
            Text("impersonatedUser", "username"),
            Text("verb"),
            Text("objectRef", "apiGroup"),
            Text("objectRef", "resource"),
            Text("objectRef", "namespace"),
            Text("objectRef", "name")
        );

        string? Text(params ReadOnlySpan<string> path) => JsonScrape.Text(item, parts, path);
    }
}
