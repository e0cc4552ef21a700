using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Requests;
using JitFunctions.Functions.Clusters;
using JitFunctions.Functions.Platform.Directory;
using JitFunctions.Functions.Policies;
using Microsoft.Extensions.Logging;

namespace JitFunctions.Functions.Lifecycle;

/// <summary>
/// Collects the current facts about the people and the cluster right before the activation, and checks the request with
/// them again.
/// </summary>
public sealed class ActivationEligibility(
    PublishedPolicies policies,
    IDirectory directory,
    ReviewerLookup reviewers,
    ClusterConnections clusters,
    TimeProvider clock,
    ILogger<ActivationEligibility> log
)
{
    private static readonly Dictionary<string, IReadOnlyList<string>?> NoGroups = [];

    public async Task<Eligibility> CheckAsync(AccessRequest request, CancellationToken cancellation)
    {
        try
        {
            if (clusters.WhyReserved(request.Terms.Scope) is { } reserved)
                return new Eligibility.Refuse(reserved);
            var eligibility = EligibilityCheck.Decide(
                request,
                await GatherAsync(request, cancellation),
                clock.GetUtcNow()
            );
            return eligibility is Eligibility.Go && await LacksCredentialsAsync(request, cancellation)
                ? new Eligibility.Refuse(
                    $"{request.Terms.Scope.Cluster} is not set up for ephemeral grants: "
                        + "infra/kubernetes/components/ephemeral says what it needs."
                )
                : eligibility;
        }
        catch (UnknownRoleException e)
        {
            return new Eligibility.Refuse(e.Message);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            log.LogWarning(e, "The eligibility of {Request} for activation cannot be checked", request.Id);
            return new Eligibility.NotYet("The facts for the eligibility check cannot be read.");
        }
    }

    // Checked before the service account is announced: an object that may have been created can be reported as gone
    // only where the app may look for it.
    private async Task<bool> LacksCredentialsAsync(AccessRequest request, CancellationToken cancellation) =>
        request is { IsEphemeral: true, ServiceAccount: null }
        && !await clusters[request.Terms.Scope.Cluster].KeepsCredentialsAsync(cancellation);

    private async Task<EligibilityFacts> GatherAsync(AccessRequest request, CancellationToken cancellation)
    {
        var version = await policies.OfVersionAsync(request.Policy.Version, cancellation);
        var requester = await directory.MembershipOfAsync(request.Requester, cancellation);
        var failure =
            version is null ? $"Policy version {request.Policy.Version} cannot be read."
            : requester.Groups is null ? requester.Detail
            : null;

        var approvers = version is null
            ? null
            : await reviewers.FindAsync(version, request.CountingApprovals().Select(review => review.By), cancellation);
        return new(
            version,
            requester.Groups,
            approvers?.Groups ?? NoGroups,
            await FactsAsync(request, version, cancellation),
            failure ?? approvers?.Failure
        )
        {
            LinkedGroups = approvers?.LinkedGroups ?? NoGroups,
            RequesterGone = requester.IsGone ? requester.Detail : null,
        };
    }

    private Task<ClusterFacts> FactsAsync(AccessRequest request, PolicySet? version, CancellationToken cancellation) =>
        clusters[request.Terms.Scope.Cluster]
            .FactsAsync(request.Terms.Scope, withNamespaces: version?.ReadsLabels == true, cancellation);
}
