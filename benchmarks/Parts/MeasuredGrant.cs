namespace JitFunctions.Benchmarks;

/// <summary>
/// What the API answers about a request, as far as it is measured. Times are by the function app's clock, which is this
/// machine's.
/// </summary>
internal sealed record MeasuredGrant(
    string Id,
    long Version,
    string Status,
    string Scope,
    DateTimeOffset? ApprovedAt,
    DateTimeOffset? ActivatedAt,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? EndedAt
);
