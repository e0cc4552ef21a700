using JasperFx.Events;
using JitFunctions.Domain.Requests;
using Marten.Events.Aggregation;

namespace JitFunctions.Projections;

/// <summary>The write model: the domain folds the stream; the result is never stored.</summary>
internal sealed class AccessRequests : SingleStreamProjection<AccessRequest, string>
{
    public override AccessRequest? Evolve(AccessRequest? snapshot, string id, IEvent e) =>
        e.Data is AccessRequestEvent fact ? AccessRequest.Evolve(id, snapshot, fact) : snapshot;
}
