using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Requests;
using JitFunctions.Functions.Clusters;
using JitFunctions.Functions.Grants;
using JitFunctions.Functions.Orchestrations;
using JitFunctions.Projections;
using Marten;
using Microsoft.Extensions.Logging;

namespace JitFunctions.Functions.Schedules;

/// <summary>Keeps the roles that were made for requests with rules of their own as they were approved: strays go, edited ones are restored, missing ones reported.</summary>
public sealed class RoleDrift(IDocumentStore store, SystemCommands commands, TimeProvider clock, ILogger<RoleDrift> log)
{
    // A grant this young may have been applied after the cluster was listed.
    private static readonly TimeSpan SettlingTime = TimeSpan.FromSeconds(5);

    public async Task ReconcileAsync(Cluster cluster, CancellationToken cancellation)
    {
        var listedAt = clock.GetUtcNow();
        var found = await cluster.ListOurRolesAsync(cancellation);
        foreach (var role in found)
            await TryAsync(role.Name, () => ReconcileFoundAsync(cluster, role, cancellation), cancellation);

        await using var session = store.QuerySession();
        foreach (var request in await session.FindLive(cancellation))
        {
            if (request is { Status: RequestStatus.Active, Terms.Scope.Rules: not null } && request.Terms.Scope.Cluster == cluster.Name && request.ActivatedAt + SettlingTime < listedAt)
                await TryAsync(request.Id, () => ReconcileExpectedAsync(cluster, request, found, cancellation), cancellation);
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
            log.LogError(e, "The roles of {What} were not reconciled; the others are", what);
        }
    }

    private async Task ReconcileFoundAsync(Cluster cluster, RoleObject role, CancellationToken cancellation)
    {
        var request = await RequestOfAsync(role, cancellation);
        if (request is null || !BelongsTo(role, request, cluster))
            await RemoveUnknownAsync(cluster, role, cancellation);
        else if (!request.Status.MayHoldRights())
            await RemoveStrayAsync(cluster, role, request, cancellation);
        else if (request.Status is RequestStatus.Active && Difference(role, request) is { } difference)
            await RestoreAsync(cluster, role, request, difference, cancellation);
    }

    private static bool BelongsTo(RoleObject role, AccessRequest request, Cluster cluster) =>
        request.Terms.Scope is { Rules: not null } scope && scope.Cluster == cluster.Name
        && role.Name == BindingRef.NameFor(request.Id) && ClusterBindings.Places(scope).Contains(role.Namespace);

    private static string? Difference(RoleObject role, AccessRequest request) =>
        !role.Has(GrantRoles.Rules(request)) ? $"the role allowed {role.Describe()}"
        : !GrantBinding.IsLabelledFor(role.Metadata, request.Id) ? "the role's labels were changed"
        : GrantBinding.IsExpiryForeign(role.Metadata, request) ? "the role's expiry was changed"
        : null;

    private async Task<AccessRequest?> RequestOfAsync(RoleObject role, CancellationToken cancellation)
    {
        if (BindingRef.RequestIdIn(role.Name) is not { } id)
            return null;
        await using var session = store.QuerySession();
        return await session.Events.AggregateStreamAsync<AccessRequest>(id, token: cancellation);
    }

    private async Task RemoveUnknownAsync(Cluster cluster, RoleObject role, CancellationToken cancellation)
    {
        if (!await cluster.DeleteAsync(role, cancellation))
            return;
        log.LogWarning("Removed role {Role} from {Namespace} of {Cluster}: it belongs to no request", role.Name, role.Namespace, cluster.Name);
        await using var session = store.LightweightSession();
        Channel.Reconciler.StampOn(session, cluster.Name);
        session.Events.Append(ClusterEvent.StreamFor(cluster.Name), new ClusterEvent.StrayBindingRemoved(
            role.Namespace, role.Name, $"{RoleKind.Role}/{role.Name}", [], clock.GetUtcNow()));
        await session.SaveChangesAsync(cancellation);
    }

    private async Task RemoveStrayAsync(Cluster cluster, RoleObject role, AccessRequest request, CancellationToken cancellation)
    {
        if (await cluster.DeleteAsync(role, cancellation))
            await ReportAsync(request.Id, new(DriftKind.Stray, role.Namespace, role.Name, $"the role allowed {role.Describe()} while {request.Status}", DriftRemedy.Removed), cancellation);
    }

    private async Task RestoreAsync(Cluster cluster, RoleObject role, AccessRequest request, string difference, CancellationToken cancellation)
    {
        // The grant may have ended since it was read; then nothing must be put back.
        if ((await commands.ReadAsync(request.Id, cancellation)).Status is not RequestStatus.Active || clock.GetUtcNow() >= request.ExpiresAt)
            return;
        await cluster.ApplyRoleAsync(request, role.Namespace, request.ExpiresAt!.Value, cancellation, only: role);
        await ReportAsync(request.Id, new(DriftKind.Edited, role.Namespace, role.Name, difference, DriftRemedy.Restored), cancellation);
    }

    private async Task ReconcileExpectedAsync(Cluster cluster, RequestDetails details, IReadOnlyList<RoleObject> found, CancellationToken cancellation)
    {
        var name = BindingRef.NameFor(details.Id);
        foreach (var ns in details.Terms.Scope.Namespaces.Where(ns => !found.Any(role => (role.Namespace, role.Name) == (ns, name))))
        {
            var request = await commands.ReadAsync(details.Id, cancellation);
            if (request.Status is not RequestStatus.Active || clock.GetUtcNow() >= request.ExpiresAt)
                return;

            // One that took its name, or lost its label, is not in the list; the binding goes by the name alone.
            if (await cluster.FindRoleAsync(name, ns, cancellation) is not { } hidden)
                await ReportAsync(request.Id, new(DriftKind.Missing, ns, name, "somebody deleted the role", DriftRemedy.Reported), cancellation);
            else if (Difference(hidden, request) is { } difference)
                await RestoreAsync(cluster, hidden, request, difference, cancellation);
        }
    }

    private async Task ReportAsync(string id, Drift drift, CancellationToken cancellation)
    {
        log.LogWarning("{Kind} role {Role} of {Request} in {Namespace}, {Remedy}: {Detail}", drift.Kind, drift.Name, id, drift.Namespace, drift.Remedy, drift.Detail);
        await commands.HandleAsync(id, new AccessRequestCommand.ReportDrift(drift, clock.GetUtcNow()), Channel.Reconciler, cancellation);
    }
}
