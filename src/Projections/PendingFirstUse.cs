using Marten;

namespace JitFunctions.Projections;

/// <summary>
/// Outbox: an action of this grant was recorded, and perhaps its first use was not yet. The row is written with the
/// action, and deleted when the event is in the stream of the request.
/// </summary>
/// <param name="Id">The id of the request.</param>
public sealed record PendingFirstUse(string Id, DateTimeOffset Since);

/// <summary>Reads and deletes the entries of the outbox <see cref="PendingFirstUse"/>.</summary>
public static class PendingFirstUses
{
    /// <summary>Returns the oldest ones.</summary>
    public static async Task<IReadOnlyList<string>> FindPendingFirstUses(
        this IQuerySession session,
        int most,
        CancellationToken cancellation
    ) =>
        [
            .. (
                await session.Query<PendingFirstUse>().OrderBy(x => x.Since).Take(most).ToListAsync(cancellation)
            ).Select(x => x.Id),
        ];

    public static async Task SettleFirstUse(this IDocumentSession session, string id, CancellationToken cancellation)
    {
        session.Delete<PendingFirstUse>(id);
        await session.SaveChangesAsync(cancellation);
    }
}
