using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Scopes;
using JitFunctions.Domain.Text;
using JitFunctions.Functions.Clusters;
using JitFunctions.Projections;
using k8s.Autorest;
using Microsoft.Extensions.Logging;
using static JitFunctions.Domain.Requests.AccessRequestCommand;

namespace JitFunctions.Functions.Lifecycle;

/// <summary>One try to apply the grant objects of an approved request to its cluster.</summary>
public sealed class GrantActivation(
    SystemCommands commands,
    ActivationEligibility review,
    ClusterConnections clusters,
    CurrentInstallation installation,
    TimeProvider clock,
    ILogger<GrantActivation> log
)
{
    public async Task<AccessRequest> TryAsync(string id, Provenance provenance, CancellationToken cancellation)
    {
        var approved = await commands.ReadAsync(id, cancellation);
        if (
            approved.Status is not (RequestStatus.Approved or RequestStatus.Activating)
            || clock.GetUtcNow() < approved.Terms.Start
        )
            return approved;

        var eligibility = await review.CheckAsync(approved, cancellation);
        var cluster = approved.Terms.Scope.Cluster;
        var own = await installation.GetAsync(cancellation);
        var request = await commands.HandleAsync(
            id,
            new DecideActivation(eligibility, clock.GetUtcNow(), clusters.CredentialNamespaceOf(cluster), own.Id),
            provenance,
            cancellation
        );
        if (request.Status is not RequestStatus.Activating)
            return request;

        if (eligibility is not Eligibility.Go)
        {
            var left = await RemoveAppliedAsync(request, cancellation);
            log.LogWarning("Activation of {Request} has to wait: {Eligibility}{Left}", id, eligibility, left);
            return request;
        }

        AccessRequestCommand next;
        try
        {
            next = await ApplyAsync(request, clusters[cluster], cancellation);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            var detail =
                ClusterFailure.Describe(e, cluster).AsSentence() + await RemoveAppliedAsync(request, cancellation);
            log.LogWarning("Activation of {Request} failed: {Detail}", id, detail);
            next = ClusterFailure.IsFinal(e)
                ? new AbandonActivation(detail, clock.GetUtcNow())
                : new DelayActivation(detail, clock.GetUtcNow());
        }

        var after = await commands.HandleAsync(id, next, provenance, cancellation);
        if (next is ConfirmActivation && after.Status is not RequestStatus.Active)
            await RemoveAllAsync(after, cancellation); // the grant was ended meanwhile, perhaps completely
        return after;
    }

    private async Task<AccessRequestCommand> ApplyAsync(
        AccessRequest request,
        Cluster cluster,
        CancellationToken cancellation
    )
    {
        var scope = request.Terms.Scope;
        if (scope.Role is not null)
            await cluster.EnsureRoleExistsAsync(scope, cancellation);

        var expiresAt = await ExpiryAsync(cluster, request, cancellation);
        if (expiresAt <= clock.GetUtcNow())
            return new AbandonActivation("An interrupted activation used up the time.", clock.GetUtcNow());

        try
        {
            var grant = cluster.GrantOf(request, expiresAt);
            List<BindingRef> bindings = [];
            foreach (var desired in grant.Desired())
            {
                var applied = await cluster.ApplyAsync(grant, desired, cancellation);
                if (applied.Content is ObjectContent.Binding)
                    bindings.Add(new(applied.Ref.Namespace, applied.Ref.Name, applied.Uid));
            }

            return new ConfirmActivation(expiresAt, bindings, clock.GetUtcNow());
        }
        catch (HttpOperationException e) when (ClusterFailure.IsForbidden(e))
        {
            // Bindings could be read, so the API server knows the app's rights. They do not include the right to bind
            // this role, or to create the objects that the grant needs.
            return new AbandonActivation(ClusterFailure.Describe(e, cluster.Name), clock.GetUtcNow());
        }
    }

    // An incomplete grant must not stay: what was applied before the failure must not remain unnoticed.
    private async Task<string> RemoveAppliedAsync(AccessRequest request, CancellationToken cancellation)
    {
        try
        {
            await RemoveAllAsync(request, cancellation);
            return string.Empty;
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            return " The objects applied before could not be removed: "
                + $"{ClusterFailure.Describe(e, request.Terms.Scope.Cluster)}";
        }
    }

    private async Task RemoveAllAsync(AccessRequest request, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(ClusterObjects.RemovalTimeLimit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        await clusters[request.Terms.Scope.Cluster].RemoveAllAsync(request, either.Token);
    }

    // The duration begins with the first binding. A binding that an interrupted try left behind has begun it already.
    private async Task<DateTimeOffset> ExpiryAsync(
        Cluster cluster,
        AccessRequest request,
        CancellationToken cancellation
    )
    {
        var expiresAt = request.Policy.ExpiryOf(request.Terms.Duration, clock.GetUtcNow());
        foreach (var desired in cluster.GrantOf(request, expiresAt).Desired())
        {
            if (
                desired.Content is ObjectContent.Binding
                && await cluster.FindAsync(desired.Ref, cancellation) is { ExpiresAt: { } earlier }
                && earlier < expiresAt
            )
            {
                expiresAt = earlier;
            }
        }

        return expiresAt;
    }
}
