namespace JitFunctions.Projections;

/// <summary>
/// What the latest run of one schedule found. No event: it is about this app's own workings, and the next run replaces
/// it.
/// </summary>
/// <param name="Id">The schedule's function.</param>
/// <param name="ContinueAfter">After which request the next run goes on; null when this one looked at all.</param>
public sealed record ReconcilerReport(
    string Id,
    DateTimeOffset StartedAt,
    DateTimeOffset FinishedAt,
    IReadOnlyList<Finding> Findings,
    string? ContinueAfter = null
);

/// <param name="Kind">One of a few words, such as <c>orchestration-stuck</c>.</param>
/// <param name="Subject">The request or the cluster that it is about.</param>
/// <param name="Since">When it was first found, in runs that found it without a break.</param>
public sealed record Finding(string Kind, string Subject, string Detail, DateTimeOffset Since);
