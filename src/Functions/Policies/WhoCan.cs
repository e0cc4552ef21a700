using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Rights;
using JitFunctions.Functions.Clusters;
using k8s.Autorest;

namespace JitFunctions.Functions.Policies;

/// <param name="Namespace">Null for the whole cluster.</param>
public sealed record WhoCanQuestion(string Cluster, string? Namespace, Deed Deed);

/// <param name="By">The roles of the policy that give the right, and <c>rules</c> when its ad-hoc rules do.</param>
public sealed record WhoCanAnswer(
    string Policy, string Source, IReadOnlyList<string> Groups, IReadOnlyList<string> Users, IReadOnlyList<string> ExceptGroups,
    IReadOnlyList<string> ExceptUsers, IReadOnlyList<string> By, bool Automatic, IReadOnlyList<ApprovalRequirement> Requirements);

/// <param name="Unresolved">What could not be told, so that the answer may lack something.</param>
public sealed record WhoCanAnswers(IReadOnlyList<WhoCanAnswer> Items, IReadOnlyList<string> Unresolved);

/// <summary>Finds out by which policies, through which roles as the cluster has them, somebody can get a right.</summary>
public sealed class WhoCan(PoliciesInForce inForce, ClusterConnections clusters)
{
    public IEnumerable<string> Clusters => clusters.Names;

    public bool Knows(string cluster) => clusters.Names.Contains(cluster);

    /// <exception cref="NoPoliciesException" />
    public async Task<WhoCanAnswers> AskAsync(WhoCanQuestion question, CancellationToken cancellation)
    {
        var policies = await inForce.GetAsync(cancellation);
        var (answers, unresolved) = (new List<WhoCanAnswer>(), new HashSet<string>());
        foreach (var policy in policies.Policies)
        {
            List<string> by = [];
            foreach (var role in policy.Limits.Roles)
            {
                if (await GivesAsync(policy, role, question, policies.ReadsLabels, unresolved, cancellation))
                    by.Add(role.ToString());
            }

            if (RulesGive(policy, question))
                by.Add("rules");
            if (by is [_, ..])
                answers.Add(Answer(policy, by));
        }

        return new(answers, [.. unresolved.Order(StringComparer.Ordinal)]);
    }

    // A right in a namespace comes from a grant there, or from one for the whole cluster.
    private IEnumerable<Scope> Scopes(AccessPolicy policy, RoleRef? role, IReadOnlyList<RbacRule>? rules, WhoCanQuestion question)
    {
        if (question.Namespace is { } ns && ns != clusters.CredentialNamespaceOf(question.Cluster))
            yield return new(question.Cluster, [ns], ClusterWide: false, role, rules);
        if (policy.Limits.ClusterWide && role is not { Kind: RoleKind.Role })
            yield return new(question.Cluster, [], ClusterWide: true, role, rules);
    }

    private bool RulesGive(AccessPolicy policy, WhoCanQuestion question)
    {
        var deed = question.Deed;
        IReadOnlyList<RbacRule> asked = [new([deed.ApiGroup], [deed.Resource], [deed.Verb], deed.Name is { } name ? [name] : null)];
        return Scopes(policy, null, asked, question).Any(scope =>
        {
            var facts = new ClusterFacts(null, scope.AdHocRights(), null);
            return !policy.Limits.Excess(scope, facts).Any(excess => !excess.IsUnresolved) && !policy.RightsExcess(scope, facts).Any();
        });
    }

    private async Task<bool> GivesAsync(
        AccessPolicy policy, RoleRef role, WhoCanQuestion question, bool withLabels, HashSet<string> unresolved, CancellationToken cancellation)
    {
        foreach (var scope in Scopes(policy, role, null, question))
        {
            // What the policy's limits say without the cluster is asked first: most policies are about other places.
            if (policy.Limits.Excess(scope, ClusterFacts.None).Any(excess => !excess.IsUnresolved))
                continue;
            try
            {
                var facts = await clusters[question.Cluster].FactsAsync(scope, withLabels, cancellation);
                var excess = policy.Limits.Excess(scope, facts).Concat(policy.RightsExcess(scope, facts)).ToList();
                unresolved.UnionWith(excess.Where(x => x.IsUnresolved).Select(x => $"{policy.Name}, {role}: {x.Message}"));
                if (excess is [] && facts.Rights!.Any(placed => RuleCoverage.Allows(placed.Rules, question.Deed)))
                    return true;
            }
            catch (Exception e) when (e is UnknownRoleException or HttpOperationException)
            {
                unresolved.Add($"{policy.Name}, {role}: {e.Message}");
            }
        }

        return false;
    }

    private static WhoCanAnswer Answer(AccessPolicy policy, IReadOnlyList<string> by) => new(
        policy.Name, policy.Source.ToString(), policy.Subjects.Groups, policy.Subjects.Users, policy.Subjects.ExceptGroups, policy.Subjects.ExceptUsers,
        by, policy.Approval.Automatic is not null, [.. policy.AllRequirements]);
}
