using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Scopes;
using JitFunctions.Functions.Clusters;
using JitFunctions.Projections;
using Microsoft.Extensions.Logging;

namespace JitFunctions.Functions.Lifecycle;

/// <summary>Updates the expiry on the objects of an active grant after an extension.</summary>
public sealed class GrantRenewal(
    SystemCommands commands,
    GrantRepair repair,
    ClusterConnections clusters,
    TimeProvider clock,
    ILogger<GrantRenewal> log
)
{
    public async Task<AccessRequest> TryAsync(string id, CancellationToken cancellation)
    {
        var request = await commands.ReadAsync(id, cancellation);
        try
        {
            if (request is { Status: RequestStatus.Active, ExpiresAt: { } expiresAt } && clock.GetUtcNow() < expiresAt)
                await RenewAsync(clusters[request.Terms.Scope.Cluster], request, expiresAt, cancellation);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            // The event store has the new expiry; the reconciler updates the annotation.
            log.LogWarning(
                "The bindings of {Request} do not carry the new expiry yet: {Detail}",
                id,
                ClusterFailure.Describe(e, request.Terms.Scope.Cluster)
            );
        }

        return request;
    }

    // The bindings come last: while one of them has the old expiry, the reconciler knows that the renewal is
    // incomplete.
    private async Task RenewAsync(
        Cluster cluster,
        AccessRequest request,
        DateTimeOffset expiresAt,
        CancellationToken cancellation
    )
    {
        var grant = cluster.GrantOf(request, expiresAt);
        foreach (var desired in grant.Desired())
        {
            if (await cluster.FindAsync(desired.Ref, cancellation) is { } found && !grant.EndsAt(found.ExpiresAt))
            {
                await repair.ReapplyAsync(
                    request.Id,
                    desired.Ref,
                    "not renewed",
                    apply: () => cluster.ApplyAsync(grant, desired, cancellation, only: found),
                    remove: () => cluster.DeleteAsync(desired.Ref, cancellation),
                    Channel.Orchestration,
                    cancellation
                );
            }
        }
    }
}
