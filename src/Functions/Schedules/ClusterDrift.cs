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
public sealed class ClusterDrift(IDocumentStore store, SystemCommands commands, GrantRenewal renewal, TimeProvider clock, ILogger<ClusterDrift> log)
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
            await TryAsync(binding.Name, () => ReconcileFoundAsync(cluster, binding, cancellation), cancellation);

        await using var session = store.QuerySession();
        foreach (var request in await session.FindLive(cancellation))
        {
            if (request.Status is RequestStatus.Active && request.Terms.Scope.Cluster == cluster.Name && request.ActivatedAt + SettlingTime < listedAt)
                await TryAsync(request.Id, () => ReconcileExpectedAsync(cluster, request, found, cancellation), cancellation);
        }
    }

    // One that cannot be mended must not keep the others from it.
    private async Task TryAsync(string what, Func<Task> reconcile, CancellationToken cancellation)
    {
        try
        {
            await reconcile();
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            log.LogError(e, "{What} was not reconciled; the others are", what);
        }
    }

    private async Task ReconcileFoundAsync(Cluster cluster, BindingObject binding, CancellationToken cancellation)
    {
        // By its name, which cannot be changed, rather than by its label, which can.
        var request = await RequestOfAsync(binding, cancellation);
        if (request is null || !BindingDrift.BelongsTo(binding, request, cluster))
            await RemoveUnknownAsync(cluster, binding, cancellation);
        else if (!request.Status.MayHoldRights())
            await RemoveStrayAsync(cluster, binding, request, cancellation);
        else if (request.Status is RequestStatus.Active && BindingDrift.Difference(binding, request, cluster) is { } difference)
            await RestoreAsync(cluster, binding, request, difference, cancellation);
        else if (request is { Status: RequestStatus.Active, ExpiresAt: { } expiresAt } && !GrantBinding.Expires(binding.Metadata, expiresAt))
            await renewal.TryAsync(request.Id, cancellation); // the nudge that should have done it after the extension was lost
    }

    private async Task<AccessRequest?> RequestOfAsync(BindingObject binding, CancellationToken cancellation)
    {
        if (BindingRef.RequestIdIn(binding.Name) is not { } id)
            return null;
        await using var session = store.QuerySession();
        return await session.Events.AggregateStreamAsync<AccessRequest>(id, token: cancellation);
    }

    private async Task RemoveUnknownAsync(Cluster cluster, BindingObject binding, CancellationToken cancellation)
    {
        if (!await cluster.DeleteAsync(binding, cancellation))
            return;
        log.LogWarning("Removed {Binding} from {Namespace} of {Cluster}: it belongs to no request", binding.Name, binding.Namespace, cluster.Name);
        await using var session = store.LightweightSession();
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
        if ((await commands.ReadAsync(request.Id, cancellation)).Status is not RequestStatus.Active || clock.GetUtcNow() >= request.ExpiresAt)
            return;
        await cluster.ApplyAsync(request, binding.Namespace, request.ExpiresAt!.Value, cancellation, only: binding);
        await ReportAsync(request.Id, new(DriftKind.Edited, binding.Namespace, binding.Name, difference, DriftRemedy.Restored), cancellation);
    }

    private async Task ReconcileExpectedAsync(Cluster cluster, RequestDetails details, IReadOnlyList<BindingObject> found, CancellationToken cancellation)
    {
        foreach (var expected in details.Bindings.Where(x => !found.Any(y => (y.Namespace, y.Name) == (x.Namespace, x.Name))))
        {
            var request = await commands.ReadAsync(details.Id, cancellation);
            // Past its end it is right that it is gone: the reaper in the cluster may have been first.
            if (request.Status is not RequestStatus.Active || clock.GetUtcNow() >= request.ExpiresAt)
                return;

            // It may be there all the same, hidden from the list by a label that somebody took off.
            if (await cluster.FindAsync(request.Id, expected.Namespace, cancellation) is not { } hidden)
                await ReportAsync(request.Id, new(DriftKind.Missing, expected.Namespace, expected.Name, "somebody deleted it", DriftRemedy.Reported), cancellation);
            else if (BindingDrift.Difference(hidden, request, cluster) is { } difference)
                await RestoreAsync(cluster, hidden, request, difference, cancellation);
        }
    }

    private async Task ReportAsync(string id, Drift drift, CancellationToken cancellation)
    {
        log.LogWarning("{Kind} binding {Binding} of {Request} in {Namespace}, {Remedy}: {Detail}", drift.Kind, drift.Name, id, drift.Namespace, drift.Remedy, drift.Detail);
        await commands.HandleAsync(id, new AccessRequestCommand.ReportDrift(drift, clock.GetUtcNow()), Channel.Reconciler, cancellation);
    }
}
