using Marten;
using Marten.Linq.MatchesSql;

namespace JitFunctions.Projections;

/// <summary>Finds active grants, a page at a time.</summary>
public static class ActiveGrants
{
    /// <param name="after">The id with which the page before ended; null for the first.</param>
    /// <returns>In the order of their ids; empty when there are no more.</returns>
    public static async Task<IReadOnlyList<RequestDetails>> FindActive(
        this IQuerySession session, string cluster, string? after, int limit, CancellationToken cancellation) =>
        await session.Query<RequestDetails>()
            .Where(x => !x.IsFinal && x.Terms.Scope.Cluster == cluster)
            .Where(x => x.MatchesSql("d.data ->> 'status' = 'active' and d.id > ?", after ?? string.Empty))
            .OrderBy(x => x.Id).Take(limit).ToListAsync(cancellation);
}
