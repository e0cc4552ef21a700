using Marten;
using Marten.Linq.MatchesSql;

namespace JitFunctions.Projections;

/// <param name="Since">Inclusive.</param>
/// <param name="Until">Exclusive.</param>
/// <param name="Before">The last entry of the previous page.</param>
public sealed record TrailFilter(
    DateTimeOffset? Since,
    DateTimeOffset? Until,
    string? Actor,
    string? Cluster,
    string? Stream,
    PageMark? Before,
    int Limit
);

public static class TrailQueries
{
    /// <summary>Reads one more than the limit, so that the caller can tell whether there is a next page.</summary>
    public static async Task<IReadOnlyList<AuditEntry>> FindTrail(
        this IQuerySession session,
        TrailFilter filter,
        CancellationToken cancellation
    )
    {
        IQueryable<AuditEntry> entries = session.Query<AuditEntry>();
        if (filter.Since is { } since)
            entries = entries.Where(x => x.At >= since);
        if (filter.Until is { } until)
            entries = entries.Where(x => x.At < until);
        if (filter.Actor is { } actor)
            entries = entries.Where(x => x.MatchesSql($"{AuditEntry.LowerActor} = lower(?)", actor));
        if (filter.Cluster is { } cluster)
            entries = entries.Where(x => x.Cluster == cluster);
        if (filter.Stream is { } stream)
            entries = entries.Where(x => x.Stream == stream);
        if (filter.Before is { } mark)
            entries = entries.Where(x => x.MatchesSql("(d.at, d.id) < (?, ?)", mark.At, Guid.Parse(mark.Id)));

        return await entries
            .OrderByDescending(x => x.At)
            .ThenByDescending(x => x.Id)
            .Take(filter.Limit + 1)
            .ToListAsync(cancellation);
    }
}
