using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;

namespace JitFunctions.Domain.Audit.Reading;

/// <summary>Reads one item into an event, or into a gap if it cannot be read.</summary>
internal static class ItemReader
{
    /// <summary>
    /// In bytes. The body of an RBAC object is kept up to this size: a caller can send one of megabytes. The API server
    /// limits a request to 3 MiB.
    /// </summary>
    public const int LongestWithBodies = 256 * 1024;

    // Deeper than any object of Kubernetes' own. Callers can nest the body of a patch as deep as they like.
    private const int Deepest = 64;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = Deepest };

    /// <summary>The form of one event, in one kind of audit log.</summary>
    /// <param name="Bodies">The paths of the two bodies.</param>
    /// <param name="Notes">The path of the annotations.</param>
    /// <param name="Read">Returns the event, or what is wrong with it.</param>
    /// <param name="Scrape">Reads what it can from the complete members at the beginning.</param>
    public sealed record ItemForm(
        IReadOnlyList<string> Bodies,
        string Notes,
        Func<JsonElement, (AuditEvent? Event, string? Problem)> Read,
        Func<ReadOnlyMemory<byte>, ScrapedFields> Scrape
    );

    public static AuditItem Read(ReadOnlyMemory<byte> item, ItemForm form)
    {
        var parts = JsonParts.OfObject(item.Span);
        if (parts.Rest is not null)
            return Gap(parts.IsCut ? GapReason.Cut : GapReason.NotJson, "", item, form);
        // A body that is too deep must not make the event unreadable: then its caller could hide it.
        return TryRead(item, form)
            ?? TryRead(WithoutBodies(item.Span, form), form)
            ?? Gap(GapReason.NotJson, "it is nested too deeply, or has a text that is not Unicode", item, form);
    }

    public static AuditGap Gap(GapReason reason, string problem, ReadOnlyMemory<byte> item, ItemForm form)
    {
        var raw = RawFront.Of(item);
        var detail = reason switch
        {
            GapReason.Cut => $"the record ends after {item.Length} bytes, before its end",
            GapReason.NotJson when problem.Length == 0 => "the record is not JSON",
            _ => $"the record cannot be read: {problem}",
        };
        return new(
            reason,
            detail,
            raw,
            item.Length,
            Convert.ToHexStringLower(SHA256.HashData(raw.Span)),
            form.Scrape(item)
        );
    }

    /// <returns>Null if it is nested too deeply, or has a text that is not Unicode.</returns>
    private static AuditItem? TryRead(ReadOnlyMemory<byte> item, ItemForm form)
    {
        try
        {
            using var document = JsonDocument.Parse(item, Options);
            var (read, problem) = form.Read(document.RootElement);
            if (read is null)
                return Gap(GapReason.NotAnEvent, problem ?? "", item, form);
            var keepsBodies = read.Target is { ApiGroup: RbacGroup } && item.Length <= LongestWithBodies;
            var canonical = CanonicalJson.Write(
                document.RootElement,
                path =>
                    (!keepsBodies && form.Bodies.Contains(path))
                    || path.StartsWith($"{form.Notes}/{Annotations.PatchPrefix}", StringComparison.Ordinal)
            );
            return new ReceivedEvent(read, canonical, Convert.ToHexStringLower(SHA256.HashData(canonical)));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private const string RbacGroup = "rbac.authorization.k8s.io";

    private static byte[] WithoutBodies(ReadOnlySpan<byte> item, ItemForm form)
    {
        var output = new ArrayBufferWriter<byte>(item.Length);
        WriteWithoutBodies(item, "", form, output);
        return output.WrittenSpan.ToArray();
    }

    private static void WriteWithoutBodies(
        ReadOnlySpan<byte> json,
        string path,
        ItemForm form,
        ArrayBufferWriter<byte> output
    )
    {
        output.Write("{"u8);
        var isFirst = true;
        foreach (var part in JsonParts.OfObject(json).Whole)
        {
            var inside = $"{path}/{part.Name}";
            if (form.Bodies.Contains(inside))
                continue;
            if (!isFirst)
                output.Write(","u8);
            isFirst = false;
            output.Write("\""u8);
            output.Write(JsonEncodedText.Encode(part.Name).EncodedUtf8Bytes);
            output.Write("\":"u8);
            if (form.Bodies.Any(body => body.StartsWith($"{inside}/", StringComparison.Ordinal)))
                WriteWithoutBodies(json[part.Range], inside, form, output);
            else
                output.Write(json[part.Range]);
        }

        output.Write("}"u8);
    }
}
