using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Requests;
using JitFunctions.Functions.Clusters;
using JitFunctions.Functions.Grants;
using JitFunctions.Functions.Orchestrations;
using JitFunctions.Projections;
using Marten;
using Microsoft.Extensions.Logging;

namespace JitFunctions.Functions.Schedules;

/// <summary>Keeps the service accounts of ephemeral grants, and their Secrets, as they were made: strays go, edited ones are restored, missing ones reported.</summary>
public sealed class CredentialDrift(IDocumentStore store, SystemCommands commands, TimeProvider clock, ILogger<CredentialDrift> log)
{
    // The cluster is listed before the event store is read, as for bindings.
    public async Task ReconcileAsync(Cluster cluster, CancellationToken cancellation)
    {
        if (await cluster.ListOurCredentialsAsync(cancellation) is not { } found)
            return;
        foreach (var one in found)
            await TryAsync(one.Name, () => ReconcileFoundAsync(cluster, one, cancellation), cancellation);

        await using var session = store.QuerySession();
        foreach (var request in await session.FindLive(cancellation))
        {
            if (request is { Status: RequestStatus.Active, ServiceAccount: not null } && request.Terms.Scope.Cluster == cluster.Name)
                await TryAsync(request.Id, () => ReconcileExpectedAsync(cluster, request.Id, found, cancellation), cancellation);
        }
    }

    private async Task TryAsync(string what, Func<Task> reconcile, CancellationToken cancellation)
    {
        try
        {
            await reconcile();
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            log.LogError(e, "The credential of {What} was not reconciled; the others are", what);
        }
    }

    private async Task ReconcileFoundAsync(Cluster cluster, CredentialObject found, CancellationToken cancellation)
    {
        var request = await RequestOfAsync(found, cancellation);
        if (request is null || !BelongsTo(found, request, cluster))
            await RemoveUnknownAsync(cluster, found, cancellation);
        else if (!request.Status.MayHoldRights())
            await RemoveStrayAsync(cluster, found, request, cancellation);
        else if (request.Status is RequestStatus.Active && Difference(found, request) is { } difference)
            await RestoreAsync(cluster, found, request, difference, cancellation);
    }

    private static bool BelongsTo(CredentialObject found, AccessRequest request, Cluster cluster) =>
        request.IsEphemeral && request.Terms.Scope.Cluster == cluster.Name
        && cluster.ServiceAccountOf(request) == new ServiceAccountRef(found.Namespace, found.Name);

    private static string? Difference(CredentialObject found, AccessRequest request) =>
        !GrantBinding.IsLabelledFor(found.Metadata, request.Id) ? "its labels were changed"
        : GrantBinding.IsExpiryForeign(found.Metadata, request) ? "its expiry was changed"
        : found.MountsItself ? "pods could run as it"
        : null;

    private async Task<AccessRequest?> RequestOfAsync(CredentialObject found, CancellationToken cancellation)
    {
        if (BindingRef.RequestIdIn(found.Name) is not { } id)
            return null;
        await using var session = store.QuerySession();
        return await session.Events.AggregateStreamAsync<AccessRequest>(id, token: cancellation);
    }

    private async Task RemoveUnknownAsync(Cluster cluster, CredentialObject found, CancellationToken cancellation)
    {
        if (!await cluster.DeleteAsync(found, cancellation))
            return;
        log.LogWarning("Removed {Kind} {Name} from {Namespace} of {Cluster}: it belongs to no request", found.Kind, found.Name, found.Namespace, cluster.Name);
        await using var session = store.LightweightSession();
        Channel.Reconciler.StampOn(session, cluster.Name);
        session.Events.Append(ClusterEvent.StreamFor(cluster.Name), new ClusterEvent.StrayBindingRemoved(
            found.Namespace, found.Name, $"{found.Kind}/{found.Name}", [], clock.GetUtcNow()));
        await session.SaveChangesAsync(cancellation);
    }

    private async Task RemoveStrayAsync(Cluster cluster, CredentialObject found, AccessRequest request, CancellationToken cancellation)
    {
        if (await cluster.DeleteAsync(found, cancellation))
            await ReportAsync(request.Id, new(DriftKind.Stray, found.Namespace, found.Name, $"the {found.Kind} was there while {request.Status}", DriftRemedy.Removed), cancellation);
    }

    private async Task RestoreAsync(Cluster cluster, CredentialObject found, AccessRequest request, string difference, CancellationToken cancellation)
    {
        // The grant may have ended since it was read; then nothing must be put back.
        if (await commands.ReadAsync(request.Id, cancellation) is not { Status: RequestStatus.Active, ExpiresAt: { } expiresAt } || clock.GetUtcNow() >= expiresAt)
            return;
        await cluster.ApplyCredentialAsync(found.Kind, request, expiresAt, only: found, cancellation);
        await ReportAsync(request.Id, new(DriftKind.Edited, found.Namespace, found.Name, $"the {found.Kind}: {difference}", DriftRemedy.Restored), cancellation);
    }

    private async Task ReconcileExpectedAsync(Cluster cluster, string id, IReadOnlyList<CredentialObject> found, CancellationToken cancellation)
    {
        foreach (var kind in GrantCredentials.Kinds.Where(kind => !found.Any(one => one.Kind == kind && one.Name == BindingRef.NameFor(id))))
        {
            // It may be there all the same: it is younger than the list, or hidden from it by a label that somebody took off.
            var request = await commands.ReadAsync(id, cancellation);
            var account = cluster.ServiceAccountOf(request);
            var hidden = await cluster.FindCredentialAsync(kind, account, cancellation);
            if (request.Status is not RequestStatus.Active || clock.GetUtcNow() >= request.ExpiresAt)
                return;
            if (hidden is null)
                await ReportAsync(id, new(DriftKind.Missing, account.Namespace, account.Name, $"somebody deleted the {kind}", DriftRemedy.Reported), cancellation);
            else if (Difference(hidden, request) is { } difference)
                await RestoreAsync(cluster, hidden, request, difference, cancellation);
        }
    }

    private async Task ReportAsync(string id, Drift drift, CancellationToken cancellation)
    {
        log.LogWarning("{Kind} credential {Name} of {Request} in {Namespace}, {Remedy}: {Detail}", drift.Kind, drift.Name, id, drift.Namespace, drift.Remedy, drift.Detail);
        await commands.HandleAsync(id, new AccessRequestCommand.ReportDrift(drift, clock.GetUtcNow()), Channel.Reconciler, cancellation);
    }
}
