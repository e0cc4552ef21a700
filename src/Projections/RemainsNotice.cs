using JasperFx.Events;
using Marten;
using Marten.Events.Aggregation;
using static JitFunctions.Domain.Requests.AccessRequestEvent;

namespace JitFunctions.Projections;

/// <summary>
/// Outbox: something outlives a grant, and its approvers are still to be notified. The row is written with the seal,
/// and deleted when the notice is accepted.
/// </summary>
public sealed record RemainsNotice(string Id, DateTimeOffset Since);

internal sealed class RemainsNoticeProjection : SingleStreamProjection<RemainsNotice, string>
{
    public override RemainsNotice? Evolve(RemainsNotice? snapshot, string id, IEvent e) =>
        e.Data is Sealed { Seal.RemainsCount: > 0 } fact ? new(id, fact.At) : snapshot;
}

/// <summary>Reads and deletes the entries of the outbox <see cref="RemainsNotice"/>.</summary>
public static class RemainsNotices
{
    /// <summary>Returns the oldest ones.</summary>
    public static async Task<IReadOnlyList<RemainsNotice>> FindRemainsNotices(
        this IQuerySession session,
        int most,
        CancellationToken cancellation
    ) => await session.Query<RemainsNotice>().OrderBy(x => x.Since).Take(most).ToListAsync(cancellation);

    public static async Task SettleRemainsNotice(
        this IDocumentSession session,
        string id,
        CancellationToken cancellation
    )
    {
        session.Delete<RemainsNotice>(id);
        await session.SaveChangesAsync(cancellation);
    }
}
