using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Scopes;
using JitFunctions.Functions.Clusters;
using JitFunctions.Projections;
using Microsoft.Extensions.Logging;

namespace JitFunctions.Functions.Lifecycle;

/// <summary>Brings the expiry that an active grant's objects carry up to date, after it was extended.</summary>
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
            // The event store knows the new expiry; the reconciler brings the annotation in line with it.
            log.LogWarning(
                "The bindings of {Request} do not carry the new expiry yet: {Detail}",
                id,
                ClusterFailure.Describe(e, request.Terms.Scope.Cluster)
            );
        }

        return request;
    }

    // The bindings last: while one of them carries the old expiry, the reconciler knows that the renewal is not done.
    private async Task RenewAsync(
        Cluster cluster,
        AccessRequest request,
        DateTimeOffset expiresAt,
        CancellationToken cancellation
    )
    {
        foreach (var kind in request.IsEphemeral ? GrantCredentials.Kinds : [])
        {
            var account = cluster.ServiceAccountOf(request);
            if (
                await cluster.FindCredentialAsync(kind, account, cancellation) is { } found
                && !GrantBinding.Expires(found.Metadata, expiresAt)
            )
            {
                await ReapplyAsync(
                    kind,
                    account.Namespace,
                    () => cluster.ApplyCredentialAsync(kind, request, expiresAt, only: found, cancellation),
                    () => cluster.DeleteCredentialAsync(kind, account, cancellation)
                );
            }
        }

        foreach (var place in ClusterBindings.Places(request.Terms.Scope))
        {
            if (
                request.Terms.Scope.Rules is not null
                && place is not null
                && await cluster.FindRoleAsync(BindingRef.NameFor(request.Id), place, cancellation) is { } role
                && !GrantBinding.Expires(role.Metadata, expiresAt)
            )
            {
                await ReapplyAsync(
                    GrantObjectKind.Role,
                    place,
                    () => cluster.ApplyRoleAsync(request, place, expiresAt, cancellation, only: role),
                    () => cluster.DeleteRoleAsync(request.Id, place, cancellation)
                );
            }

            if (
                await cluster.FindAsync(request.Id, place, cancellation) is { } found
                && !GrantBinding.Expires(found.Metadata, expiresAt)
            )
            {
                await ReapplyAsync(
                    BindingRef.KindIn(place),
                    place,
                    () => cluster.ApplyAsync(request, place, expiresAt, cancellation, only: found),
                    () => cluster.DeleteBindingAsync(request.Id, place, cancellation)
                );
            }
        }

        Task ReapplyAsync(GrantObjectKind kind, string? ns, Func<Task> apply, Func<Task> remove) =>
            repair.ReapplyAsync(
                request.Id,
                kind,
                ns,
                "not renewed",
                apply,
                remove,
                Channel.Orchestration,
                cancellation
            );
    }
}
