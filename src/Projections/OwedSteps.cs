using Marten;

namespace JitFunctions.Projections;

/// <summary>
/// The queries of the reconciler about break-glass reviews. They return only ids, and no more than it can process.
/// </summary>
public static class OwedSteps
{
    private const string Table = $"{EventStore.Schema}.mt_doc_owedreview";
    private const string NotTold = "not jsonb_exists(d.data, 'notifiedAt')";

    /// <summary>
    /// Returns requests with an overdue review for which there is no event yet, the earliest deadline first.
    /// </summary>
    public static Task<IReadOnlyList<string>> FindOverdueReviewsAsync(
        this IQuerySession session,
        DateTimeOffset now,
        int limit,
        CancellationToken cancellation
    ) =>
        session.AdvancedSql.QueryAsync<string>(
            $"select d.id from {Table} d where d.review_by <= ? and not jsonb_exists(d.data, 'overdueAt') order "
                + "by d.review_by limit ?",
            cancellation,
            now.ToUniversalTime(),
            limit
        );

    /// <summary>
    /// Returns requests whose break-glass notice has not been accepted yet, in random order, so that a notice that the
    /// receiver does not accept does not block the others for long.
    /// </summary>
    public static Task<IReadOnlyList<string>> FindNoticesOwedAsync(
        this IQuerySession session,
        int limit,
        CancellationToken cancellation
    ) =>
        session.AdvancedSql.QueryAsync<string>(
            $"select d.id from {Table} d where {NotTold} order by random() limit ?",
            cancellation,
            limit
        );

    /// <summary>
    /// Returns the time of the oldest break-glass use whose notice has not been accepted yet; <paramref name="now"/> if
    /// there is none.
    /// </summary>
    public static async Task<DateTimeOffset> OldestNoticeOwedAsync(
        this IQuerySession session,
        DateTimeOffset now,
        CancellationToken cancellation
    ) =>
        (
            await session.AdvancedSql.QueryAsync<DateTimeOffset>(
                $"""
                select coalesce(min(r.requested_at), ?) from {Table} d
                join {EventStore.Schema}.mt_doc_requestdetails r on r.id = d.id where {NotTold}
                """,
                cancellation,
                now.ToUniversalTime()
            )
        )[0];
}
