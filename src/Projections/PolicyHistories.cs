using JasperFx.Events;
using JitFunctions.Domain.Policies;
using Marten.Events.Aggregation;

namespace JitFunctions.Projections;

/// <summary>The stream of the policies folded by the domain, never stored.</summary>
internal sealed class PolicyHistories : SingleStreamProjection<PolicyHistory, string>
{
    public override PolicyHistory? Evolve(PolicyHistory? snapshot, string id, IEvent e) =>
        e.Data is PolicyEvent fact ? PolicyHistory.Evolve(snapshot, fact) : snapshot;
}
