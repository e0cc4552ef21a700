namespace JitFunctions.Domain.Audit.Reading;

/// <summary>
/// The beginning of a record that cannot be read, up to the first body: what cannot be read may be the content of a
/// Secret.
/// </summary>
internal static class RawFront
{
    // The second form is that inside of a JSON text, as in an envelope that cannot be read. A text of an event cannot
    // contain the first form: its quotes are escaped there.
    private static readonly byte[][] Bodies =
    [
        "\"requestObject\""u8.ToArray(),
        "\"responseObject\""u8.ToArray(),
        "\\\"requestObject\\\""u8.ToArray(),
        "\\\"responseObject\\\""u8.ToArray(),
        "\"request\":"u8.ToArray(),
        "\"response\":"u8.ToArray(),
        "patch.webhook.admission.k8s.io/"u8.ToArray(),
    ];

    public static ReadOnlyMemory<byte> Of(ReadOnlyMemory<byte> record)
    {
        var end = Math.Min(record.Length, AuditGap.LongestRaw);
        foreach (var body in Bodies)
        {
            if (record.Span[..end].IndexOf(body) is >= 0 and var found)
                end = found;
        }

        // A copy: the record may be a part of megabytes.
        return record[..end].ToArray();
    }
}
