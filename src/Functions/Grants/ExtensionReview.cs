using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Requests;
using JitFunctions.Functions.Clusters;
using JitFunctions.Functions.Directory;
using JitFunctions.Functions.Policies;
using Microsoft.Extensions.DependencyInjection;

namespace JitFunctions.Functions.Grants;

/// <summary>Looks, when somebody wants to have their grant for longer, at whether they may still have it.</summary>
public sealed class ExtensionReview(
    PoliciesInForce policies, [FromKeyedServices(ApiStore.Key)] IDirectory directory, ClusterConnections clusters)
{
    /// <summary>Why somebody who asks now may not go on having what they were given; null when they may.</summary>
    public async Task<Excess?> WhyNotEligibleAsync(AccessRequest request, Caller caller, CancellationToken cancellation)
    {
        if (await policies.OfVersionAsync(request.Policy.Version, cancellation) is not { } version)
            return new("policies", $"policy version {request.Policy.Version} cannot be read", IsUnresolved: true);
        try
        {
            return ActivationCheck.WhyNotStill(request, version, version.Know(caller), await FactsAsync(request, version, cancellation));
        }
        catch (UnknownRoleException e)
        {
            return new("roles", e.Message);
        }
        catch (UnknownClusterException e)
        {
            return new("clusters", e.Message);
        }
    }

    /// <summary>The same of the requester as the directory knows them now.</summary>
    public async Task<Excess?> WhyNotEligibleAsync(AccessRequest request, CancellationToken cancellation)
    {
        var requester = await directory.MembershipOfAsync(request.Requester, cancellation);
        if (requester.IsGone)
            return new("users", requester.Detail!);
        return requester.Groups is { } groups
            ? await WhyNotEligibleAsync(request, new Caller(request.Requester, groups), cancellation)
            : new("groups", requester.Detail ?? "the requester's groups cannot be told", IsUnresolved: true);
    }

    private Task<ClusterFacts> FactsAsync(AccessRequest request, PolicySet version, CancellationToken cancellation) =>
        clusters[request.Terms.Scope.Cluster].FactsAsync(request.Terms.Scope, withNamespaces: version.ReadsLabels, cancellation);
}
