using System.Collections.Concurrent;
using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Text;
using JitFunctions.Functions.Clusters;
using JitFunctions.Functions.Lifecycle;
using JitFunctions.Projections;
using Marten;
using Microsoft.Extensions.Logging;

namespace JitFunctions.Functions.Reconciliation;

/// <summary>
/// Removes objects from a cluster that have our label and belong to no live grant, and reports those that another
/// installation may have created.
/// </summary>
public sealed class StrayRemoval(
    IDocumentStore store,
    SystemCommands commands,
    CurrentInstallation installation,
    TimeProvider clock,
    ILogger<StrayRemoval> log
)
{
    // Each removal takes three calls to the cluster, and the objects may be large.
    private const int AtOnce = 8;

    private volatile bool _storeHasGrants;

    /// <param name="found">
    /// Listed before this is called: every object is announced by an event before it is created.
    /// </param>
    /// <param name="foreign">Receives the objects that are not touched and have to be reported.</param>
    /// <param name="record">
    /// Is cancelled when the app stops. A removal is recorded even after the time limit for this cluster.
    /// </param>
    internal async Task RemoveAsync(
        Cluster cluster,
        IReadOnlyList<ListedObject> found,
        ForeignObjects foreign,
        CancellationToken record,
        CancellationToken cancellation
    )
    {
        var own = await installation.GetAsync(cancellation);
        var requests = await ReadNamedAsync(found, cancellation);
        var storeHasGrants = await StoreHasGrantsAsync(cancellation);
        var removals = new List<(ListedObject Found, AccessRequest? Request)>();
        foreach (var one in found)
        {
            var described = new FoundObject(
                cluster.Name,
                one.Ref,
                GrantMetadata.Labels(one.Metadata).Installation,
                one.Metadata.CreationTimestamp
            );
            var named = described.RequestId is { } id ? requests.GetValueOrDefault(id) : null;
            switch (described.Decide(named, own, storeHasGrants, cluster.CredentialNamespace))
            {
                case FoundObjectAction.RemoveFromRequest:
                    removals.Add((one, named));
                    break;
                case FoundObjectAction.RemoveUnknown:
                    removals.Add((one, null));
                    break;
                case FoundObjectAction.ReportForeign:
                    foreign.AddForeign(described, named);
                    break;
                case FoundObjectAction.ReportElsewhere:
                    foreign.AddElsewhere(described, named!);
                    break;
            }
        }

        await RemoveAsync(cluster, removals, record, cancellation);
    }

    private async Task RemoveAsync(
        Cluster cluster,
        IReadOnlyList<(ListedObject Found, AccessRequest? Request)> removals,
        CancellationToken record,
        CancellationToken cancellation
    )
    {
        var unknown = new ConcurrentBag<(string? Namespace, RemovedObject Removed)>();
        try
        {
            var limits = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation };
            await Parallel.ForEachAsync(
                removals,
                limits,
                async (removal, stop) =>
                {
                    var ((kind, metadata), request) = removal;
                    try
                    {
                        // Read to record what it gave: the list has only its metadata.
                        if (
                            await cluster.FindAsync(removal.Found.Ref, stop) is not { } found
                            || found.Uid != metadata.Uid
                            || !await cluster.DeleteKnowinglyAsync(found, record)
                        )
                        {
                            return;
                        }

                        log.LogWarning(
                            "Removed {Object} {Name} from {Namespace} of {Cluster}, which belongs to no live "
                                + "grant: {Detail}",
                            found.Ref.Kind,
                            ShortText.Name(found.Ref.Name),
                            found.Ref.Namespace,
                            cluster.Name,
                            found.Content.Describe()
                        );
                        if (request is not null)
                            await RecordAsync(found, request, record);
                        else
                            unknown.Add((found.Ref.Namespace, found.AsRemoved().Shortened()));
                    }
                    catch (Exception e)
                        when (!record.IsCancellationRequested
                            && !(e is OperationCanceledException && stop.IsCancellationRequested)
                        )
                    {
                        log.LogError(
                            e,
                            "{Object} {Name} was not removed; the run continues with the others",
                            kind,
                            ShortText.Name(metadata.Name)
                        );
                    }
                }
            );
        }
        finally
        {
            await RecordUnknownAsync(cluster, unknown, record);
        }
    }

    private Task RecordAsync(ObservedObject found, AccessRequest request, CancellationToken record)
    {
        var detail = found.Content switch
        {
            ObjectContent.Binding binding => $"gave {binding.Describe()} while {request.Status}",
            ObjectContent.Role role => $"the role allowed {role.Describe()} while {request.Status}",
            var other => $"{other.Describe()} was there while {request.Status}",
        };
        var drift = new Drift(
            DriftKind.Stray,
            found.Ref.Namespace,
            found.Ref.Name,
            detail,
            DriftRemedy.Removed,
            found.Ref.Kind
        );
        return commands.HandleAsync(
            request.Id,
            new AccessRequestCommand.ReportDrift(drift, clock.GetUtcNow()),
            Channel.Reconciler,
            record
        );
    }

    // Whoever may create objects can create thousands in a moment: one event covers all in a namespace.
    private async Task RecordUnknownAsync(
        Cluster cluster,
        IReadOnlyCollection<(string? Namespace, RemovedObject Removed)> unknown,
        CancellationToken record
    )
    {
        if (unknown.Count == 0)
            return;
        var facts = unknown
            .GroupBy(one => one.Namespace, one => one.Removed)
            .SelectMany(place => ClusterEvent.StrayBindingRemoved.AllOf(place.Key, [.. place], clock.GetUtcNow()));
        await using var session = store.LightweightSession();
        await session.LockClusterAsync(cluster.Name, record);
        session.AppendToCluster(cluster.Name, facts, Channel.Reconciler);
        await session.SaveChangesAsync(record);
    }

    // Anybody can create thousands of such names: one query determines which belong to a request.
    private async Task<IReadOnlyDictionary<string, AccessRequest>> ReadNamedAsync(
        IReadOnlyList<ListedObject> found,
        CancellationToken cancellation
    )
    {
        var ids = found.Select(one => BindingRef.RequestIdIn(one.Metadata.Name)).OfType<string>().Distinct().ToList();
        if (ids is [])
            return new Dictionary<string, AccessRequest>();
        await using var session = store.QuerySession();
        var requests = new Dictionary<string, AccessRequest>();
        foreach (var id in await session.KnownAmongAsync(ids, cancellation))
            requests[id] = await commands.ReadAsync(id, cancellation);
        return requests;
    }

    private async Task<bool> StoreHasGrantsAsync(CancellationToken cancellation)
    {
        if (_storeHasGrants)
            return true;
        await using var session = store.QuerySession();
        return _storeHasGrants = await session.HasGrantsAsync(cancellation);
    }
}
