using JasperFx.Events;
using JitFunctions.Domain.Identity;
using Marten.Events.Aggregation;
using static JitFunctions.Domain.Requests.AccessRequestEvent;

namespace JitFunctions.Projections;

/// <summary>Read model: a request that waits for reviews, until it is decided.</summary>
public sealed record PendingApproval(string Id, Principal Requester, IReadOnlyList<string> ApproverGroups, DateTimeOffset RequestedAt);

internal sealed class PendingApprovalProjection : SingleStreamProjection<PendingApproval, string>
{
    public override PendingApproval? Evolve(PendingApproval? snapshot, string id, IEvent e) => e.Data switch
    {
        Requested { Policy: var policy } requested => new(id, requested.Requester, policy.ApproverGroups, requested.At),
        Approved or Denied or Withdrawn or Lapsed => null,
        _ => snapshot,
    };
}
