using JasperFx.Events;
using Marten;
using Marten.Events.Aggregation;
using static JitFunctions.Domain.Requests.AccessRequestEvent;

namespace JitFunctions.Projections;

/// <summary>
/// Read model: the end of a grant is proven, and its dossier is not sealed. A grant that an earlier version ended has
/// none, and is never sealed.
/// </summary>
public sealed record OwedSeal(string Id, DateTimeOffset ProvenAt);

internal sealed class OwedSealProjection : SingleStreamProjection<OwedSeal, string>
{
    public override OwedSeal? Evolve(OwedSeal? snapshot, string id, IEvent e) =>
        e.Data switch
        {
            Ended ended => new(id, ended.At),
            Withdrawn { Proof: not null } withdrawn => new(id, withdrawn.At),
            Failed { Proof: not null } failed => new(id, failed.At),
            Sealed => null,
            _ => snapshot,
        };
}

public static class OwedSeals
{
    /// <summary>Returns the requests whose seal may be due, the earliest end first.</summary>
    public static async Task<IReadOnlyList<OwedSeal>> FindOwedSealsAsync(
        this IQuerySession session,
        int most,
        CancellationToken cancellation
    ) => await session.Query<OwedSeal>().OrderBy(x => x.ProvenAt).Take(most).ToListAsync(cancellation);
}
