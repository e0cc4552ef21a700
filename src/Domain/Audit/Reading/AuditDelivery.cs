namespace JitFunctions.Domain.Audit.Reading;

/// <summary>What sends the audit log of a cluster.</summary>
public enum AuditSource
{
    /// <summary>The API server itself.</summary>
    Webhook,
    Aks,
    Eks,
    Gke,
}

/// <summary>One delivery of a cluster's audit log, in any of the forms that this folder reads.</summary>
/// <param name="Items">Empty if it has nothing of the API server's audit log.</param>
public sealed record AuditDelivery(AuditSource Source, IReadOnlyList<AuditItem> Items)
{
    /// <summary>True if nothing of it could be read as any of the forms.</summary>
    public bool IsUnreadable => Items is [AuditGap { Reason: GapReason.NotAnEnvelope }];

    /// <summary>
    /// Never throws. The form is told by the members at the top. What has none of them is read as an EventList, and is
    /// a gap.
    /// </summary>
    public static AuditDelivery Read(ReadOnlyMemory<byte> body)
    {
        var source = SourceOf(body.Span);
        return new(
            source,
            source switch
            {
                AuditSource.Aks => [.. AksRecords.Read(body).Select(one => one.Item)],
                AuditSource.Eks => [.. EksLogEvents.Read(body).Select(one => one.Item)],
                AuditSource.Gke => GkeLogEntry.Read(body) is { } one ? [one.Item] : [],
                _ => AuditEventList.Read(body),
            }
        );
    }

    /// <summary>A delivery that is not read because it is too large: a gap.</summary>
    /// <param name="front">Its beginning.</param>
    /// <param name="most">In bytes.</param>
    public static AuditDelivery TooLarge(ReadOnlyMemory<byte> front, int most) =>
        new(SourceOf(front.Span), [Envelope.Unreadable(front, $"it has more than {most} bytes")]);

    private static AuditSource SourceOf(ReadOnlySpan<byte> body)
    {
        // CloudWatch sends gzip, or base64 of it.
        if (body.StartsWith([(byte)0x1f, (byte)0x8b]) || body.StartsWith("H4sI"u8))
            return AuditSource.Eks;
        var names = JsonParts.OfObject(body).Whole.Select(part => part.Name).ToHashSet(StringComparer.Ordinal);
        return names switch
        {
            _ when names.Contains("kind") || names.Contains("items") => AuditSource.Webhook,
            _ when names.Contains("records") => AuditSource.Aks,
            _ when names.Contains("awslogs") || names.Contains("logEvents") => AuditSource.Eks,
            _ when names.Contains("protoPayload") || names.Contains("message") => AuditSource.Gke,
            _ => AuditSource.Webhook,
        };
    }
}
