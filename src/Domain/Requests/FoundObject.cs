using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Scopes;

namespace JitFunctions.Domain.Requests;

/// <summary>What is done about an object in a cluster that carries the label of this product.</summary>
public enum FoundObjectAction
{
    /// <summary>It is part of an active grant: it has to be what was approved.</summary>
    Compare,

    /// <summary>It is part of a grant that is being activated or removed.</summary>
    Leave,

    /// <summary>It is part of a grant that is over. The removal is recorded in the request's stream.</summary>
    RemoveFromRequest,

    /// <summary>
    /// It is ours and part of no grant, or of one that is over and of whose objects too much was recorded already. The
    /// removal is recorded in the cluster's stream, which no command reads.
    /// </summary>
    RemoveUnknown,

    /// <summary>Another installation may have made it: it is reported and never removed.</summary>
    ReportForeign,

    /// <summary>
    /// It names a live grant of another cluster, or of this one under another name: it is reported, and removed when
    /// that ends.
    /// </summary>
    ReportElsewhere,
}

/// <summary>An object in a cluster that carries the label of this product.</summary>
/// <param name="Cluster">The name under which the cluster is configured.</param>
/// <param name="Installation">What its label says; null without one, as on objects that versions before this label
/// made.</param>
/// <param name="MadeAt">By the API server's clock, which nobody can change.</param>
public sealed record FoundObject(string Cluster, GrantObjectRef Ref, string? Installation, DateTimeOffset? MadeAt)
{
    // The API server leaves off the fraction: one that was made half a second after us seems to be older.
    private static readonly TimeSpan TimeGrain = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The request that it is named after; null when the name is not one that a grant's objects have.
    /// </summary>
    public string? RequestId => BindingRef.RequestIdIn(Ref.Name);

    /// <param name="named">The request that it is named after, as the event store knows it after the object was found;
    /// null when there is none.</param>
    /// <param name="storeHasGrants">True when any grant was ever activated by this event store.</param>
    /// <param name="credentialNamespace">The cluster's.</param>
    public FoundObjectAction Decide(
        AccessRequest? named,
        Installation own,
        bool storeHasGrants,
        string credentialNamespace
    )
    {
        // By its name, which nobody can change, before the labels, which can be changed.
        var isHere = named is not null && named.Terms.Scope.Cluster == Cluster;
        var isPart = isHere && named!.Objects(credentialNamespace).Contains(Ref);
        if (isPart && named!.Status.MayHoldRights())
            return named.Status is RequestStatus.Active ? FoundObjectAction.Compare : FoundObjectAction.Leave;

        // An event store without any grant may be one that was restored into an empty database: it knows of nothing.
        if (IsForeign(named, own) || !storeHasGrants)
            return FoundObjectAction.ReportForeign;
        if (named is null)
            return MadeAt + TimeGrain <= own.Since ? FoundObjectAction.ReportForeign : FoundObjectAction.RemoveUnknown;
        // Its cluster may have been renamed. While a grant is ending, no rights are promised any more, wherever they
        // are.
        if (!isHere && named.Status is RequestStatus.Activating or RequestStatus.Active)
            return FoundObjectAction.ReportElsewhere;
        return isPart && named.Alterations < AlterationLimit.Most
            ? FoundObjectAction.RemoveFromRequest
            : FoundObjectAction.RemoveUnknown;
    }

    // Without the label it is ours when it is named after a request of ours: no other installation has that id.
    private bool IsForeign(AccessRequest? named, Installation own) =>
        Installation is null ? named is null : Installation != own.Id;
}
