using JasperFx.Events;
using Marten;
using Marten.Events.Aggregation;
using static JitFunctions.Domain.Requests.AccessRequestEvent;

namespace JitFunctions.Projections;

/// <summary>
/// Outbox: a review is waited for, and those who may give it are still to be told. Written with the event from which on
/// it waits; gone once the notice was taken, or nothing waits any more.
/// </summary>
/// <param name="Round">Version of that event in the request's stream: another round is another notice.</param>
/// <param name="IsExtension">True when an extension of the grant waits, false for the request itself.</param>
public sealed record ReviewNotice(string Id, long Round, bool IsExtension, DateTimeOffset Since);

internal sealed class ReviewNoticeProjection : SingleStreamProjection<ReviewNotice, string>
{
    public override ReviewNotice? Evolve(ReviewNotice? snapshot, string id, IEvent e) =>
        e.Data switch
        {
            Requested asked => new(id, e.Version, IsExtension: false, asked.At),
            // Reviews that were given before count no longer, so they are waited for anew.
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

/// <summary>Reads and settles what <see cref="ReviewNotice"/> says is owed.</summary>
public static class ReviewNotices
{
    /// <summary>Those that are owed since then or longer, the oldest first.</summary>
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

    /// <summary>It was taken. A notice of another round, which may have come meanwhile, stays owed.</summary>
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
