namespace JitFunctions.Domain.Record;

/// <summary>What must neither be erased nor deleted, however old it is.</summary>
/// <param name="Requests">The ids of requests.</param>
/// <param name="People">Subjects or user names.</param>
/// <param name="Everything">Whether nothing may be erased or deleted at all.</param>
public sealed record LegalHold(IReadOnlyList<string> Requests, IReadOnlyList<string> People, bool Everything)
{
    public static readonly LegalHold None = new([], [], Everything: false);

    /// <returns>One sentence; null if nothing holds the person.</returns>
    /// <param name="names">All names of the person.</param>
    /// <param name="requests">The requests whose events would change.</param>
    public string? WhyNotErase(IReadOnlyList<string> names, IReadOnlyList<string> requests) =>
        Everything ? "Everything is on legal hold."
        : People.Intersect(names, StringComparer.OrdinalIgnoreCase).Any() ? "The person is on legal hold."
        : Requests.Intersect(requests, StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList() is [_, ..] held
            ? $"On legal hold are the requests {string.Join(", ", held)}, which name the person."
        : null;

    /// <summary>Before which time recorded actions may be deleted; null if none may.</summary>
    /// <param name="keep">How long actions are kept; null if for ever.</param>
    public DateTimeOffset? MayDeleteBefore(TimeSpan? keep, DateTimeOffset now) =>
        Everything || keep is not { } span ? null : now - span;
}
