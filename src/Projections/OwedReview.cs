using JasperFx.Events;
using JitFunctions.Domain.Identity;
using Marten.Events.Aggregation;
using static JitFunctions.Domain.Requests.AccessRequestEvent;

namespace JitFunctions.Projections;

/// <summary>Read model: a required review of a break-glass use, until it is given.</summary>
/// <param name="Accounts">The user names of the requester, in lower case.</param>
public sealed record OwedReview(
    string Id,
    Principal Requester,
    IReadOnlyList<string> Accounts,
    IReadOnlyList<string> ApproverGroups,
    DateTimeOffset ReviewBy
)
{
    public DateTimeOffset? NotifiedAt { get; init; }

    public DateTimeOffset? OverdueAt { get; init; }
}

internal sealed class OwedReviewProjection : SingleStreamProjection<OwedReview, string>
{
    public override OwedReview? Evolve(OwedReview? snapshot, string id, IEvent e) =>
        (snapshot, e.Data) switch
        {
            (null, Requested { ReviewBy: { } reviewBy } asked) => new(
                id,
                asked.Requester,
                [.. Accounts(asked)],
                asked.Policy.ApproverGroups,
                reviewBy
            ),
            ({ } owed, ApproversNotified notified) => owed with { NotifiedAt = notified.At },
            ({ } owed, ReviewOverdue overdue) => owed with { OverdueAt = overdue.At },
            (_, BreakGlassConcluded) => null,
            _ => snapshot,
        };

    private static IEnumerable<string> Accounts(Requested asked) =>
        new[] { asked.Requester.Username }.Concat(asked.OtherAccounts ?? []).Select(name => name.ToLowerInvariant());
}
