using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Requests;
using JitFunctions.Functions.Clusters;
using JitFunctions.Functions.Grants;
using JitFunctions.Functions.Orchestrations;
using Marten;
using Microsoft.Extensions.Logging;

namespace JitFunctions.Functions.Schedules;

/// <summary>Keeps the roles that were made for requests with rules of their own as they were approved: strays go, edited ones are restored.</summary>
public sealed class RoleDrift(IDocumentStore store, SystemCommands commands, TimeProvider clock, ILogger<RoleDrift> log)
{
    public async Task ReconcileAsync(Cluster cluster, CancellationToken cancellation)
    {
        foreach (var role in await cluster.ListOurRolesAsync(cancellation))
        {
            try
            {
                await ReconcileAsync(cluster, role, cancellation);
            }
            catch (Exception e) when (!cancellation.IsCancellationRequested)
            {
                log.LogError(e, "Role {Role} in {Namespace} was not reconciled; the others are", role.Name, role.Namespace);
            }
        }
    }

    private async Task ReconcileAsync(Cluster cluster, RoleObject role, CancellationToken cancellation)
    {
        var request = await RequestOfAsync(role, cancellation);
        if (request is null || !BelongsTo(role, request, cluster))
            await RemoveUnknownAsync(cluster, role, cancellation);
        else if (!request.Status.MayHoldRights())
        {
            if (await cluster.DeleteAsync(role, cancellation))
                await ReportAsync(request.Id, new(DriftKind.Stray, role.Namespace, role.Name, $"the role was there while {request.Status}", DriftRemedy.Removed), cancellation);
        }
        else if (request is { Status: RequestStatus.Active, ExpiresAt: { } expiresAt } && clock.GetUtcNow() < expiresAt && !role.Has(GrantRoles.Rules(request)))
        {
            await cluster.ApplyRoleAsync(request, role.Namespace, expiresAt, cancellation);
            await ReportAsync(request.Id, new(DriftKind.Edited, role.Namespace, role.Name, "the role's rules were changed", DriftRemedy.Restored), cancellation);
        }
    }

    private static bool BelongsTo(RoleObject role, AccessRequest request, Cluster cluster) =>
        request.Terms.Scope is { Rules: not null } scope && scope.Cluster == cluster.Name
        && role.Name == BindingRef.NameFor(request.Id) && ClusterBindings.Places(scope).Contains(role.Namespace);

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

    private async Task ReportAsync(string id, Drift drift, CancellationToken cancellation)
    {
        log.LogWarning("{Kind} role {Role} of {Request} in {Namespace}, {Remedy}: {Detail}", drift.Kind, drift.Name, id, drift.Namespace, drift.Remedy, drift.Detail);
        await commands.HandleAsync(id, new AccessRequestCommand.ReportDrift(drift, clock.GetUtcNow()), Channel.Reconciler, cancellation);
    }
}
