namespace JitFunctions.Projections;

/// <summary>
/// The findings of the latest run of one schedule. It is not an event: it is about the operation of the app itself, and
/// the next run replaces it.
/// </summary>
/// <param name="Id">The name of the function of the schedule.</param>
/// <param name="ContinueAfter">The id of the request after which the next run continues; null if this run has processed
/// all of them.</param>
public sealed record ReconcilerReport(
    string Id,
    DateTimeOffset StartedAt,
    DateTimeOffset FinishedAt,
    IReadOnlyList<Finding> Findings,
    string? ContinueAfter = null
);

/// <param name="Kind">One of a few codes, such as <c>orchestration-stuck</c>.</param>
/// <param name="Subject">The request or the cluster that the finding is about.</param>
/// <param name="Since">The first of the consecutive runs that reported the finding.</param>
public sealed record Finding(string Kind, string Subject, string Detail, DateTimeOffset Since);
