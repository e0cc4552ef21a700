using JasperFx.Events;
using Marten;
using Marten.Events.Aggregation;
using static JitFunctions.Domain.Requests.AccessRequestEvent;

namespace JitFunctions.Projections;

/// <summary>
/// Outbox: a review is pending, and its approvers are still to be notified. The row is written together with the event
/// that makes the review pending. It is deleted when the notice is accepted, or when no review is pending any more.
/// </summary>
/// <param name="Round">The version of that event in the stream of the request. Each round has its own notice.</param>
/// <param name="IsExtension">True if an extension of the grant is pending, false for the request itself.</param>
public sealed record ReviewNotice(string Id, long Round, bool IsExtension, DateTimeOffset Since);

internal sealed class ReviewNoticeProjection : SingleStreamProjection<ReviewNotice, string>
{
    public override ReviewNotice? Evolve(ReviewNotice? snapshot, string id, IEvent e) =>
        e.Data switch
        {
            Requested asked => new(id, e.Version, IsExtension: false, asked.At),
            // Earlier reviews no longer count, so that reviews are pending again.
            Narrowed narrowed => new(id, e.Version, IsExtension: false, narrowed.At),
            ApprovalVoided voided => new(id, e.Version, IsExtension: false, voided.At),
            ExtensionRequested { NeedsReview: true } longer => new(id, e.Version, IsExtension: true, longer.At),
            Approved
            or Denied
            or Withdrawn
            or Lapsed
            or Extended
            or ExtensionDenied
            or EndingStarted
            or Failed
            or Ended => null,
            _ => snapshot,
        };
}

/// <summary>Reads and deletes the entries of the outbox <see cref="ReviewNotice"/>.</summary>
public static class ReviewNotices
{
    /// <summary>Returns the notices that have been due since that time or longer, the oldest first.</summary>
    public static async Task<IReadOnlyList<ReviewNotice>> FindOwedNotices(
        this IQuerySession session,
        DateTimeOffset since,
        int most,
        CancellationToken cancellation
    ) =>
        await session
            .Query<ReviewNotice>()
            .Where(x => x.Since <= since)
            .OrderBy(x => x.Since)
            .Take(most)
            .ToListAsync(cancellation);

    /// <summary>
    /// Deletes a notice that was accepted. A notice of another round, which may have been added in the meantime, stays
    /// due.
    /// </summary>
    public static async Task SettleNotice(
        this IDocumentSession session,
        ReviewNotice taken,
        CancellationToken cancellation
    )
    {
        session.DeleteWhere<ReviewNotice>(x => x.Id == taken.Id && x.Round == taken.Round);
        await session.SaveChangesAsync(cancellation);
    }
}
