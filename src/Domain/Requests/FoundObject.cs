using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Scopes;

namespace JitFunctions.Domain.Requests;

/// <summary>The action for an object in a cluster that carries the label of this product.</summary>
public enum FoundObjectAction
{
    /// <summary>The object is part of an active grant, and is compared with what was approved.</summary>
    Compare,

    /// <summary>The object is part of a grant that is being activated or removed.</summary>
    Leave,

    /// <summary>
    /// The object is part of a grant that has ended. The removal is recorded in the stream of the request.
    /// </summary>
    RemoveFromRequest,

    /// <summary>
    /// The object belongs to this installation, but to no grant, or to a grant that has ended and has too many recorded
    /// alterations. The removal is recorded in the stream of the cluster, which no command reads.
    /// </summary>
    RemoveUnknown,

    /// <summary>Another installation may have created the object. It is reported and never removed.</summary>
    ReportForeign,

    /// <summary>
    /// The object is named after a live grant of another cluster, or of this cluster under another name. It is
    /// reported, and removed when that grant ends.
    /// </summary>
    ReportElsewhere,
}

/// <summary>An object in a cluster that carries the label of this product.</summary>
/// <param name="Cluster">The name under which the cluster is configured.</param>
/// <param name="Installation">The value of its installation label; null without that label, as on objects from versions
/// before it.</param>
/// <param name="MadeAt">According to the clock of the API server. Nobody can change this value.</param>
public sealed record FoundObject(string Cluster, GrantObjectRef Ref, string? Installation, DateTimeOffset? MadeAt)
{
    // The API server truncates to whole seconds: an object that was created half a second after the installation seems
    // to be older.
    private static readonly TimeSpan TimeGrain = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The id of the request that the object is named after; null if the name does not have the form of a grant object.
    /// </summary>
    public string? RequestId => BindingRef.RequestIdIn(Ref.Name);

    /// <param name="named">The request that the object is named after, read from the event store after the object was
    /// found; null if there is none.</param>
    /// <param name="storeHasGrants">True if this event store has ever activated a grant.</param>
    /// <param name="credentialNamespace">The namespace for credentials in the cluster.</param>
    public FoundObjectAction Decide(
        AccessRequest? named,
        Installation own,
        bool storeHasGrants,
        string credentialNamespace
    )
    {
        // Check the name first, because it is immutable. Labels can be changed.
        var isHere = named is not null && named.Terms.Scope.Cluster == Cluster;
        var isPart = isHere && named!.Objects(credentialNamespace).Contains(Ref);
        if (isPart && named!.Status.MayHoldRights())
            return named.Status is RequestStatus.Active ? FoundObjectAction.Compare : FoundObjectAction.Leave;

        // An event store without any grant may have been restored into an empty database, so it may not know about
        // existing grants.
        if (IsForeign(named, own) || !storeHasGrants)
            return FoundObjectAction.ReportForeign;
        if (named is null)
            return MadeAt + TimeGrain <= own.Since ? FoundObjectAction.ReportForeign : FoundObjectAction.RemoveUnknown;
        // The cluster may have been renamed. Once a grant is ending, its rights are no longer guaranteed in any
        // cluster.
        if (!isHere && named.Status is RequestStatus.Activating or RequestStatus.Active)
            return FoundObjectAction.ReportElsewhere;
        return isPart && named.Alterations < AlterationLimit.Most
            ? FoundObjectAction.RemoveFromRequest
            : FoundObjectAction.RemoveUnknown;
    }

    // Without the label, the object belongs to this installation if it is named after one of its requests: no other
    // installation has that id.
    private bool IsForeign(AccessRequest? named, Installation own) =>
        Installation is null ? named is null : Installation != own.Id;
}
