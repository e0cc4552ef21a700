using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Scopes;
using JitFunctions.Functions.Clusters;
using JitFunctions.Projections;
using Microsoft.Extensions.DependencyInjection;

namespace JitFunctions.Functions.Policies;

/// <summary>
/// The evaluation of a request by the policies in force, with the facts from the cluster that it used.
/// </summary>
/// <param name="Refusal">
/// Null when <paramref name="Evaluation"/> has a covering policy, and nothing else prevents the request.
/// </param>
public sealed record EvaluatedRequest(
    PolicySet Policies,
    PolicyEvaluation Evaluation,
    ClusterFacts Facts,
    Rejection? Refusal
);

/// <summary>
/// Evaluates requests by the policies in force. The cluster is called only when some policy may cover the request.
/// </summary>
public sealed class PolicyEvaluator(
    PublishedPolicies inForce,
    [FromKeyedServices(ApiStore.Key)] ClusterConnections clusters,
    TimeProvider clock
)
{
    /// <exception cref="NoPoliciesException" />
    public async Task<OpenRequestLimits> LimitsAsync(CancellationToken cancellation) =>
        (await inForce.GetAsync(cancellation)).OpenRequests;

    /// <exception cref="NoPoliciesException" />
    public async Task<EvaluatedRequest> EvaluateAsync(Caller caller, RequestDraft draft, CancellationToken cancellation)
    {
        var policies = await inForce.GetAsync(cancellation);
        var first = policies.Evaluate(caller, draft, ClusterFacts.None, clock.GetUtcNow());
        if (policies.ClustersFor(caller, clusters.Names) is var theirs && !theirs.Contains(draft.Scope.Cluster))
            return new(policies, first, ClusterFacts.None, WhyNoCluster(draft.Scope.Cluster, theirs, first));
        if (clusters.WhyReserved(draft.Scope) is { } reserved)
            return new(policies, first, ClusterFacts.None, Rejection.NotCovered(reserved));
        if (!first.IsOpen)
            return new(policies, first, ClusterFacts.None, first.Refusal);

        var cluster = clusters[draft.Scope.Cluster];
        using var limit = ScopeFacts.StartLimit();
        var namespaces = await cluster.NamespaceFactsAsync(draft.Scope, limit, cancellation);
        try
        {
            var facts = await cluster.WithRightsAsync(namespaces, draft.Scope, limit, cancellation);
            var evaluation = policies.Evaluate(caller, draft, facts, clock.GetUtcNow());
            var refusal =
                evaluation.Refusal
                ?? NamespaceCheck.WhyNot(draft.Scope, facts)
                ?? await WhyNoCredentialsAsync(evaluation.Covering!, cluster, cancellation);
            return new(policies, evaluation, facts, refusal);
        }
        catch (UnknownRoleException e)
        {
            return WithoutRole(
                policies,
                policies.Evaluate(caller, draft, namespaces, clock.GetUtcNow()),
                namespaces,
                draft,
                e.Message
            );
        }
    }

    // A Role is also missing when its namespace is missing; the namespace is then the error to report. A caller whom no
    // policy covers there learns about neither.
    private static EvaluatedRequest WithoutRole(
        PolicySet policies,
        PolicyEvaluation evaluation,
        ClusterFacts namespaces,
        RequestDraft draft,
        string why
    ) =>
        new(
            policies,
            evaluation,
            namespaces,
            evaluation.IsOpen
                ? NamespaceCheck.WhyNot(draft.Scope, namespaces) ?? Rejection.UnknownRole(why)
                : evaluation.Refusal
        );

    // The activation checks this again, and would fail.
    private static async Task<Rejection?> WhyNoCredentialsAsync(
        AccessPolicy policy,
        Cluster cluster,
        CancellationToken cancellation
    )
    {
        if (policy.Enforcement is not Enforcement.Ephemeral)
            return null;
        try
        {
            return await cluster.KeepsCredentialsAsync(cancellation) ? null : Rejection.NoEphemeralGrants(cluster.Name);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            return Rejection.EphemeralUnresolved(cluster.Name, ClusterFailure.Describe(e, cluster.Name));
        }
    }

    // A caller to whom no policy gives access there must not learn whether a cluster with this name exists, or which
    // clusters exist.
    private static Rejection WhyNoCluster(string cluster, IReadOnlyList<string> theirs, PolicyEvaluation first) =>
        theirs is [] && first is { IsOpen: false, Refusal: { } refusal }
            ? refusal
            : Rejection.UnknownCluster(cluster, theirs);
}
