using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Requests;
using JitFunctions.Functions.Clusters;
using JitFunctions.Functions.Platform.Directory;
using JitFunctions.Functions.Policies;
using JitFunctions.Projections;
using Microsoft.Extensions.DependencyInjection;

namespace JitFunctions.Functions.Lifecycle;

/// <summary>Checks, when an extension is requested, whether the requester is still eligible for the grant.</summary>
public sealed class ExtensionEligibility(
    PublishedPolicies policies,
    [FromKeyedServices(ApiStore.Key)] IDirectory directory,
    [FromKeyedServices(ApiStore.Key)] ClusterConnections clusters
)
{
    /// <summary>
    /// Why the requester is no longer eligible for the grant, by the current groups in the directory; null when they
    /// are eligible.
    /// </summary>
    /// <param name="caller">
    /// The requester, according to the token, when they make the call. The token may contain a group that they have
    /// left since it was issued, or lack one that the directory has, so the token and the directory must agree.
    /// </param>
    public async Task<PolicyMismatch?> WhyNotEligibleAsync(
        AccessRequest request,
        Caller? caller,
        CancellationToken cancellation
    )
    {
        if (await policies.OfVersionAsync(request.Policy.Version, cancellation) is not { } version)
            return new("policies", $"policy version {request.Policy.Version} cannot be read", IsUnresolved: true);
        var requester = await directory.MembershipOfAsync(request.Requester, cancellation);
        try
        {
            var facts = await FactsAsync(request, version, cancellation);
            if (caller is not null && WhyNot(caller) is { } mismatch)
                return mismatch;
            if (requester.IsGone)
                return new("users", requester.Detail!);
            return requester.Groups is { } groups
                ? WhyNot(new(request.Requester, groups))
                : new("groups", requester.Detail ?? "the requester's groups cannot be told", IsUnresolved: true);

            PolicyMismatch? WhyNot(Caller who) =>
                EligibilityCheck.WhyNotStill(request, version, version.WithRoles(who), facts);
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

    private Task<ClusterFacts> FactsAsync(AccessRequest request, PolicySet version, CancellationToken cancellation) =>
        clusters[request.Terms.Scope.Cluster]
            .FactsAsync(request.Terms.Scope, withNamespaces: version.ReadsLabels, cancellation);
}
