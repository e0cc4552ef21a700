using Marten;

namespace JitFunctions.Projections;

/// <summary>
/// What the reconciler reads of the reviews that break-glass owes: ids, and no more of them than it can see to.
/// </summary>
public static class OwedSteps
{
    private const string Table = $"{EventStore.Schema}.mt_doc_owedreview";
    private const string NotTold = "not jsonb_exists(d.data, 'notifiedAt')";

    /// <summary>
    /// Requests of which the review is overdue and no event says so yet, the earliest deadline first.
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
    /// Requests of which nobody has taken the notice, in another order each time: a notice that a receiver does not
    /// take keeps no other from it for long.
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
    /// When the oldest break-glass was used of which nobody has taken the notice; <paramref name="now"/> when there is
    /// none.
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
