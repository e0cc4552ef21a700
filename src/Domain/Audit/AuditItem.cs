namespace JitFunctions.Domain.Audit;

/// <summary>One item of an audit log as it was received: an event, or a gap where an event cannot be read.</summary>
public abstract record AuditItem
{
    private protected AuditItem() { }
}

/// <param name="Canonical">The received item in canonical form, in UTF-8, without the bodies of the call and the answer
/// unless they are of RBAC objects.</param>
/// <param name="Hash">The SHA-256 of <paramref name="Canonical"/>, 64 hexadecimal digits in lower case. With the
/// cluster, it is the identity of the event: a repeat has the same, a reused audit id has not.</param>
public sealed record ReceivedEvent(AuditEvent Event, ReadOnlyMemory<byte> Canonical, string Hash) : AuditItem;

/// <summary>
/// An event that was received, but cannot be read as a whole. Nothing is guessed of it: it is listed with what its
/// beginning tells, and belongs to no grant.
/// </summary>
/// <param name="Detail">One line for people, without a name or content from the event.</param>
/// <param name="Raw">The first bytes, at most <see cref="LongestRaw"/>, and none of a body.</param>
/// <param name="Length">How many bytes were received.</param>
/// <param name="Hash">The SHA-256 of <paramref name="Raw"/> in hexadecimal digits. With the cluster and
/// <paramref name="Length"/>, it is the identity of the gap.</param>
public sealed record AuditGap(
    GapReason Reason,
    string Detail,
    ReadOnlyMemory<byte> Raw,
    int Length,
    string Hash,
    ScrapedFields Scraped
) : AuditItem
{
    /// <summary>In bytes. AKS cuts its records at this length.</summary>
    public const int LongestRaw = 16 * 1024;
}

public enum GapReason
{
    /// <summary>The JSON ends early.</summary>
    Cut,

    /// <summary>It is not JSON.</summary>
    NotJson,

    /// <summary>It is JSON, but not an event: a member is missing or has another type.</summary>
    NotAnEvent,

    /// <summary>It is neither an EventList of <c>audit.k8s.io/v1</c> nor the envelope that was expected.</summary>
    NotAnEnvelope,

    /// <summary>
    /// The source no longer had it when it was to be read. <see cref="AuditGap.Raw"/> says what is known.
    /// </summary>
    Removed,
}

/// <summary>
/// What could be read from the beginning of an event that is a gap; null where nothing could. Shortened, and without
/// invisible characters.
/// </summary>
public sealed record ScrapedFields(
    string? AuditId,
    string? User,
    string? ImpersonatedUser,
    string? Verb,
    string? ApiGroup,
    string? Resource,
    string? Namespace,
    string? Name
)
{
    public static readonly ScrapedFields None = new(null, null, null, null, null, null, null, null);
}

/// <summary>An item with the place it comes from, for sources that carry the logs of several clusters.</summary>
/// <param name="Origin">As the source names the cluster: the resource id on AKS, the log group on EKS,
/// <c>projects/…/locations/…/clusters/…</c> on GKE; empty if the source does not tell.</param>
public sealed record AuditItemFrom(string Origin, AuditItem Item);
