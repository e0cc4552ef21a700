using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Requests;
using JitFunctions.Functions.Clusters;
using JitFunctions.Functions.Grants;
using JitFunctions.Functions.Orchestrations;
using JitFunctions.Projections;
using Marten;
using Microsoft.Extensions.Logging;

namespace JitFunctions.Functions.Schedules;

/// <summary>Finds and mends the difference between one cluster and the event store: strays go, edited bindings are restored, missing ones reported.</summary>
public sealed class ClusterDrift(IDocumentStore store, SystemCommands commands, TimeProvider clock, ILogger<ClusterDrift> log)
{
    // A grant this young may have been applied after the cluster was listed.
    private static readonly TimeSpan SettlingTime = TimeSpan.FromSeconds(5);

    public async Task ReconcileAsync(Cluster cluster, CancellationToken cancellation)
    {
        // The cluster first: every binding is announced by an event before it is made, so whatever is listed here and is
        // not in the event store afterwards cannot be one that is just being made.
        var listedAt = clock.GetUtcNow();
        var found = await cluster.ListOursAsync(cancellation);

        foreach (var binding in found)
            await ReconcileFoundAsync(cluster, binding, cancellation);

        await using var session = store.QuerySession();
        foreach (var request in await session.FindLive(cancellation))
        {
            if (request.Status is RequestStatus.Active && request.Terms.Scope.Cluster == cluster.Name && request.ActivatedAt + SettlingTime < listedAt)
                await ReconcileExpectedAsync(cluster, request, found, cancellation);
        }
    }

    private async Task ReconcileFoundAsync(Cluster cluster, BindingObject binding, CancellationToken cancellation)
    {
        var id = GrantBinding.RequestId(binding.Metadata);
        await using var session = store.LightweightSession();
        var request = RequestId.IsValid(id) ? await session.Events.AggregateStreamAsync<AccessRequest>(id!, token: cancellation) : null;

        if (request is null)
            await RemoveUnknownAsync(session, cluster, binding, cancellation);
        else if (!BelongsTo(binding, request, cluster) || !request.Status.MayHoldRights())
            await RemoveStrayAsync(cluster, binding, request, cancellation);
        else if (request.Status is RequestStatus.Active && Difference(binding, request, cluster) is { } difference)
            await RestoreAsync(cluster, binding, request, difference, cancellation);
    }

    private static bool BelongsTo(BindingObject binding, AccessRequest request, Cluster cluster) =>
        request.Terms.Scope.Cluster == cluster.Name
        && binding.Name == BindingRef.NameFor(request.Id)
        && ClusterBindings.Places(request.Terms.Scope).Contains(binding.Namespace);

    private static string? Difference(BindingObject binding, AccessRequest request, Cluster cluster)
    {
        if (!binding.Gives(GrantBinding.Role(request), GrantBinding.User(cluster.UserName(request.Requester.Username))))
            return $"gives {binding.Describe()}";
        if (GrantBinding.RequestId(binding.Metadata) != request.Id || binding.Metadata.Labels?.TryGetValue(GrantBinding.ManagedByLabel, out var by) != true || by != GrantBinding.ManagedBy)
            return "has lost its labels";

        // The annotation has whole seconds.
        return GrantBinding.ExpiresAt(binding.Metadata) is { } at && Math.Abs((at - request.ExpiresAt!.Value).TotalSeconds) < 1
            ? null
            : "names another expiry";
    }

    private async Task RemoveUnknownAsync(IDocumentSession session, Cluster cluster, BindingObject binding, CancellationToken cancellation)
    {
        if (!await cluster.DeleteAsync(binding, cancellation))
            return;
        log.LogWarning("Removed {Binding} from {Namespace} of {Cluster}: no request of that id exists", binding.Name, binding.Namespace, cluster.Name);
        Channel.Reconciler.StampOn(session, cluster.Name);
        session.Events.Append(ClusterEvent.StreamFor(cluster.Name), new ClusterEvent.StrayBindingRemoved(
            binding.Namespace, binding.Name, $"{binding.RoleRef.Kind}/{binding.RoleRef.Name}", binding.DescribeSubjects(), clock.GetUtcNow()));
        await session.SaveChangesAsync(cancellation);
    }

    private async Task RemoveStrayAsync(Cluster cluster, BindingObject binding, AccessRequest request, CancellationToken cancellation)
    {
        if (await cluster.DeleteAsync(binding, cancellation))
            await ReportAsync(request.Id, new(DriftKind.Stray, binding.Namespace, binding.Name, $"gave {binding.Describe()} while {request.Status}", DriftRemedy.Removed), cancellation);
    }

    private async Task RestoreAsync(Cluster cluster, BindingObject binding, AccessRequest request, string difference, CancellationToken cancellation)
    {
        // The grant may have ended since it was read; then nothing must be put back.
        if ((await commands.ReadAsync(request.Id, cancellation)).Status is not RequestStatus.Active)
            return;
        await cluster.ApplyAsync(request, binding.Namespace, request.ExpiresAt!.Value, cancellation);
        await ReportAsync(request.Id, new(DriftKind.Edited, binding.Namespace, binding.Name, difference, DriftRemedy.Restored), cancellation);
    }

    private async Task ReconcileExpectedAsync(Cluster cluster, RequestDetails details, IReadOnlyList<BindingObject> found, CancellationToken cancellation)
    {
        foreach (var expected in details.Bindings.Where(x => !found.Any(y => (y.Namespace, y.Name) == (x.Namespace, x.Name))))
        {
            var request = await commands.ReadAsync(details.Id, cancellation);
            if (request.Status is not RequestStatus.Active)
                return;

            // It may be there all the same, hidden from the list by a label that somebody took off.
            if (await cluster.FindAsync(request.Id, expected.Namespace, cancellation) is { } hidden)
                await RestoreAsync(cluster, hidden, request, "has lost its labels", cancellation);
            else
                await ReportAsync(request.Id, new(DriftKind.Missing, expected.Namespace, expected.Name, "somebody deleted it", DriftRemedy.Reported), cancellation);
        }
    }

    private async Task ReportAsync(string id, Drift drift, CancellationToken cancellation)
    {
        log.LogWarning("{Kind} binding {Binding} of {Request} in {Namespace}, {Remedy}: {Detail}", drift.Kind, drift.Name, id, drift.Namespace, drift.Remedy, drift.Detail);
        await commands.HandleAsync(id, new AccessRequestCommand.ReportDrift(drift, clock.GetUtcNow()), Channel.Reconciler, cancellation);
    }
}
