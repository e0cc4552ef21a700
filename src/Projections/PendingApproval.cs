using JasperFx.Events;
using JitFunctions.Domain.Identity;
using Marten.Events.Aggregation;
using static JitFunctions.Domain.Requests.AccessRequestEvent;

namespace JitFunctions.Projections;

/// <summary>
/// Read model: a request that approvers may have to review: the request itself, its extension, or its break-glass use.
/// </summary>
/// <param name="IsOpen">True while a review is pending. The row is kept when none is, because an extension may
/// follow.</param>
public sealed record PendingApproval(
    string Id,
    Principal Requester,
    IReadOnlyList<string> ApproverGroups,
    DateTimeOffset RequestedAt,
    bool IsOpen = true
)
{
    public bool OwesReview { get; init; }

    /// <summary>The requester's other user names; absent in rows from before they were recorded.</summary>
    public IReadOnlyList<string>? OtherAccounts { get; init; }
}

internal sealed class PendingApprovalProjection : SingleStreamProjection<PendingApproval, string>
{
    public override PendingApproval? Evolve(PendingApproval? snapshot, string id, IEvent e) =>
        (snapshot, e.Data) switch
        {
            (null, Requested { Policy: var policy } asked) => new(id, asked.Requester, policy.ApproverGroups, asked.At)
            {
                OwesReview = asked.ReviewBy is not null,
                OtherAccounts = asked.OtherAccounts,
            },
            ({ } waiting, Approved or Extended or ExtensionDenied or EndingStarted) => waiting with
            {
                IsOpen = waiting.OwesReview,
            },
            ({ } waiting, ApprovalVoided or ExtensionRequested { NeedsReview: true }) => waiting with { IsOpen = true },
            ({ } waiting, BreakGlassConcluded) => waiting with { OwesReview = false, IsOpen = false },
            ({ OwesReview: false }, Denied or Withdrawn or Lapsed or Failed or Ended) => null,
            _ => snapshot,
        };
}
