using JitFunctions.Domain.Scopes;
using Marten;
using Marten.Linq.MatchesSql;

namespace JitFunctions.Projections;

/// <summary>Of a request that is not final: where it stands and its times, and nothing else.</summary>
/// <remarks>With a member called Id, Marten would take it for a document of its own.</remarks>
/// <param name="Start">When it was asked to begin; null for at once.</param>
/// <param name="EndingAt">When somebody or something began to end it.</param>
/// <param name="LastTriedAt">The last try that failed of the present step; null when none has.</param>
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
    /// <summary>How long the orchestration has for a step before it is helped along.</summary>
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

/// <param name="Count">How many live requests are for this cluster and in this status.</param>
public sealed record LiveCount(string Cluster, RequestStatus Status, int Count);

/// <summary>
/// What the reconciler reads. There may be any number of live requests, so it reads a few members of each, a page at a
/// time, and what is overdue by an index of its own.
/// </summary>
public static class LiveRequests
{
    private const string Table = $"{EventStore.Schema}.mt_doc_requestdetails";

    // As Marten writes the index, or it is not used.
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
    /// Those of which the cluster may hold rights past their end; the longest overdue first. Written by versions before
    /// there was the index, a request is not among them until its next event; pages have it.
    /// </summary>
    /// <param name="before">The end.</param>
    /// <param name="lastTriedBefore">For removals that failed: the others count for nothing, not even for the
    /// limit.</param>
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

    /// <summary>The live requests after this id, in the order of their ids.</summary>
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

    /// <summary>The active grants of one cluster, in the order of their ids.</summary>
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

    /// <summary>The active grants of one cluster with all that is known of them, a page at a time.</summary>
    /// <param name="after">The id with which the page before ended; null for the first.</param>
    /// <returns>In the order of their ids; empty when there are no more.</returns>
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

    /// <summary>Of these ids those that a request has.</summary>
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

    /// <summary>How many live requests there are, by cluster and status.</summary>
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

    /// <summary>True when any request has ever been active.</summary>
    public static async Task<bool> HasGrantsAsync(this IQuerySession session, CancellationToken cancellation) =>
        (
            await session.AdvancedSql.QueryAsync<bool>(
                $"select exists (select from {Table} d where jsonb_exists(d.data, 'activatedAt'))",
                cancellation
            )
        )[0];
}
