using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Requests;
using JitFunctions.Functions.Clusters;
using JitFunctions.Projections;
using Microsoft.Extensions.Logging;
using static JitFunctions.Domain.Requests.AccessRequestCommand;

namespace JitFunctions.Functions.Grants;

/// <summary>One try at putting an approved request's rights into its cluster.</summary>
public sealed class GrantActivation(SystemCommands commands, ClusterConnections clusters, TimeProvider clock, ILogger<GrantActivation> log)
{
    public async Task<AccessRequest> TryAsync(string id, Provenance provenance, CancellationToken cancellation)
    {
        var request = await commands.HandleAsync(id, new BeginActivation(clock.GetUtcNow()), provenance, cancellation);
        if (request.Status is not RequestStatus.Activating)
            return request;

        AccessRequestCommand next;
        try
        {
            var (expiresAt, bindings) = await ApplyAsync(request, cancellation);
            next = new ConfirmActivation(expiresAt, bindings, clock.GetUtcNow());
        }
        catch (Exception e) when (ClusterFailure.IsFrom(e, cancellation))
        {
            var detail = ClusterFailure.Describe(e, request.Terms.Scope.Cluster);
            log.LogWarning("Activation of {Request} failed: {Detail}", id, detail);
            next = ClusterFailure.IsFinal(e, request.FailedAttempts) ? new AbandonActivation(detail, clock.GetUtcNow()) : new DelayActivation(detail, clock.GetUtcNow());
        }

        return await commands.HandleAsync(id, next, provenance, cancellation);
    }

    private async Task<(DateTimeOffset ExpiresAt, IReadOnlyList<BindingRef> Bindings)> ApplyAsync(AccessRequest request, CancellationToken cancellation)
    {
        var scope = request.Terms.Scope;
        var cluster = clusters[scope.Cluster];
        await cluster.EnsureRoleExistsAsync(scope, cancellation);

        var expiresAt = await ExpiryAsync(cluster, request, cancellation);
        List<BindingRef> bindings = [];
        foreach (var place in ClusterBindings.Places(scope))
            bindings.Add(await cluster.ApplyAsync(request, place, expiresAt, cancellation));
        return (expiresAt, bindings);
    }

    // The clock starts when the first binding is there. One that an interrupted try left behind has started it already.
    private async Task<DateTimeOffset> ExpiryAsync(Cluster cluster, AccessRequest request, CancellationToken cancellation)
    {
        var expiresAt = clock.GetUtcNow() + request.Terms.Duration;
        foreach (var place in ClusterBindings.Places(request.Terms.Scope))
        {
            if (await cluster.FindAsync(request.Id, place, cancellation) is { } left
                && GrantBinding.ExpiresAt(left.Metadata) is { } earlier && earlier < expiresAt)
            {
                expiresAt = earlier;
            }
        }

        return expiresAt;
    }
}
