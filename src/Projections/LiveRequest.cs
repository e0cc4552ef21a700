using JitFunctions.Domain.Scopes;
using Marten;
using Marten.Linq.MatchesSql;

namespace JitFunctions.Projections;

/// <summary>The status and the times of a request that is not final, and nothing else.</summary>
/// <remarks>
/// The id is in <c>RequestId</c>, because Marten would treat a type with a member called Id as a document.
/// </remarks>
/// <param name="Start">The requested start; null for as soon as it is approved.</param>
/// <param name="EndingAt">When its ending started.</param>
/// <param name="LastTriedAt">The last failed attempt of the current step; null if there is none.</param>
public sealed record LiveRequest(
    string RequestId,
    string Cluster,
    RequestStatus Status,
    DateTimeOffset RequestedAt,
    DateTimeOffset DecideBy,
    DateTimeOffset? ApprovedAt,
    DateTimeOffset? Start,
    DateTimeOffset? ActivateBy,
    DateTimeOffset? ActivatedAt,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? EndingAt,
    DateTimeOffset? LastTriedAt
)
{
    /// <summary>How long the reconciler waits for the orchestration before it executes a step itself.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    public static LiveRequest Of(RequestDetails request) =>
        new(
            request.Id,
            request.Terms.Scope.Cluster,
            request.Status,
            request.RequestedAt,
            request.DecideBy,
            request.ApprovedAt,
            request.Terms.Start,
            request.ActivateBy,
            request.ActivatedAt,
            request.ExpiresAt,
            request.Ending?.At,
            request.Trouble?.Latest
        );
}

/// <param name="Count">The number of live requests with this cluster and status.</param>
public sealed record LiveCount(string Cluster, RequestStatus Status, int Count);

/// <summary>
/// The queries of the reconciler. There may be any number of live requests, so it reads only a few members of each,
/// page by page, and finds overdue removals with a separate index.
/// </summary>
public static class LiveRequests
{
    private const string Table = $"{EventStore.Schema}.mt_doc_requestdetails";

    // This must be the same expression as in Marten's index, or PostgreSQL does not use the index.
    private const string RemovalDueAt = $"{EventStore.Schema}.mt_immutable_timestamptz(d.data ->> 'removalDueAt')";

    private const string Columns = """
        jsonb_build_object(
            'requestId', d.id, 'cluster', d.data #> '{terms,scope,cluster}', 'status', d.data -> 'status',
            'requestedAt', d.data -> 'requestedAt', 'decideBy', d.data -> 'decideBy',
            'approvedAt', d.data -> 'approvedAt',
            'start', d.data #> '{terms,start}', 'activateBy', d.data -> 'activateBy',
            'activatedAt', d.data -> 'activatedAt',
            'expiresAt', d.data -> 'expiresAt', 'endingAt', d.data #> '{ending,at}',
            'lastTriedAt', d.data #> '{trouble,latest}')
        """;

    /// <summary>
    /// Returns the requests whose rights may still be in the cluster after their end, the longest overdue first. A
    /// request that was written by a version without the index is missing here until its next event, but
    /// <see cref="ReadLivePageAsync"/> returns it.
    /// </summary>
    /// <param name="before">Only requests whose removal was due before this time.</param>
    /// <param name="lastTriedBefore">For failed removals: only those whose last attempt was before this time. The
    /// others do not count towards the limit.</param>
    public static Task<IReadOnlyList<LiveRequest>> FindRemovalsDueAsync(
        this IQuerySession session,
        DateTimeOffset before,
        DateTimeOffset lastTriedBefore,
        int limit,
        CancellationToken cancellation
    ) =>
        session.AdvancedSql.QueryAsync<LiveRequest>(
            $$$"""
            select {{{Columns}}} from {{{Table}}} d
            where {{{RemovalDueAt}}} < ?
                and (d.data ->> 'status' <> 'ending' or d.data #>> '{trouble,latest}' is null or {{{RemovalDueAt}}} < ?)
            order by {{{RemovalDueAt}}} limit ?
            """,
            cancellation,
            before.ToUniversalTime(),
            lastTriedBefore.ToUniversalTime(),
            limit
        );

    /// <summary>Returns the live requests after this id, ordered by id.</summary>
    public static Task<IReadOnlyList<LiveRequest>> ReadLivePageAsync(
        this IQuerySession session,
        string after,
        int limit,
        CancellationToken cancellation
    ) =>
        session.AdvancedSql.QueryAsync<LiveRequest>(
            $"select {Columns} from {Table} d where d.is_final = false and d.id > ? order by d.id limit ?",
            cancellation,
            after,
            limit
        );

    /// <summary>Returns the active grants of one cluster, ordered by id.</summary>
    public static Task<IReadOnlyList<LiveRequest>> ReadActiveAsync(
        this IQuerySession session,
        string cluster,
        CancellationToken cancellation
    ) =>
        session.AdvancedSql.QueryAsync<LiveRequest>(
            $$$"""
            select {{{Columns}}} from {{{Table}}} d
            where d.is_final = false and d.data ->> 'status' = 'active' and d.data #>> '{terms,scope,cluster}' = ?
            order by d.id
            """,
            cancellation,
            cluster
        );

    /// <summary>Returns the active grants of one cluster with all details, page by page.</summary>
    /// <param name="after">The last id of the previous page; null for the first page.</param>
    /// <returns>Ordered by id; empty if there are no more.</returns>
    public static async Task<IReadOnlyList<RequestDetails>> ReadActiveDetailsPageAsync(
        this IQuerySession session,
        string cluster,
        string? after,
        int limit,
        CancellationToken cancellation
    ) =>
        await session
            .Query<RequestDetails>()
            .Where(x => !x.IsFinal && x.Terms.Scope.Cluster == cluster)
            .Where(x => x.MatchesSql("d.data ->> 'status' = 'active' and d.id > ?", after ?? string.Empty))
            .OrderBy(x => x.Id)
            .Take(limit)
            .ToListAsync(cancellation);

    /// <summary>Returns those of the given ids that belong to a request.</summary>
    public static Task<IReadOnlyList<string>> KnownAmongAsync(
        this IQuerySession session,
        IReadOnlyList<string> ids,
        CancellationToken cancellation
    ) =>
        session.AdvancedSql.QueryAsync<string>(
            $"select d.id from {Table} d where d.id = any(?)",
            cancellation,
            [ids.ToArray()]
        );

    /// <summary>Returns the number of live requests by cluster and status.</summary>
    public static Task<IReadOnlyList<LiveCount>> CountLiveAsync(
        this IQuerySession session,
        CancellationToken cancellation
    ) =>
        session.AdvancedSql.QueryAsync<LiveCount>(
            $$$"""
            select jsonb_build_object(
                'cluster', d.data #> '{terms,scope,cluster}', 'status', d.data -> 'status', 'count', count(*))
            from {{{Table}}} d where d.is_final = false group by d.data #> '{terms,scope,cluster}', d.data -> 'status'
            """,
            cancellation
        );

    /// <summary>True if any request has ever been active.</summary>
    public static async Task<bool> HasGrantsAsync(this IQuerySession session, CancellationToken cancellation) =>
        (
            await session.AdvancedSql.QueryAsync<bool>(
                $"select exists (select from {Table} d where jsonb_exists(d.data, 'activatedAt'))",
                cancellation
            )
        )[0];
}
