using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Rights;
using JitFunctions.Domain.Scopes;
using JitFunctions.Functions.Clusters;
using JitFunctions.Projections;
using Microsoft.Extensions.DependencyInjection;

namespace JitFunctions.Functions.Policies;

/// <param name="Namespace">Null for the whole cluster.</param>
public sealed record WhoCanQuestion(string Cluster, string? Namespace, ResourceAccess Access);

/// <param name="By">
/// The roles of the policy that give the right, and <c>rules</c> if its ad-hoc rules give it. Names of objects are in
/// brackets if the right is for these objects only and the question was about any object.
/// </param>
public sealed record WhoCanAnswer(
    string Policy,
    string Source,
    IReadOnlyList<string> Groups,
    IReadOnlyList<string> Users,
    IReadOnlyList<string> ExceptGroups,
    IReadOnlyList<string> ExceptUsers,
    IReadOnlyList<string> By,
    bool Automatic,
    IReadOnlyList<ApprovalRequirement> Requirements
);

/// <param name="Unresolved">What could not be determined, so that the answer may be incomplete.</param>
public sealed record WhoCanAnswers(IReadOnlyList<WhoCanAnswer> Items, IReadOnlyList<string> Unresolved);

/// <summary>
/// Determines by which policies, and through which roles in their present form in the cluster, somebody can get a
/// right.
/// </summary>
public sealed class WhoCan(
    PublishedPolicies inForce,
    [FromKeyedServices(ApiStore.Key)] ClusterConnections clusters,
    TimeProvider clock
)
{
    /// <summary>The time limit for all policies together; what is not answered by then is unresolved.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    public IEnumerable<string> Clusters => clusters.Names;

    public bool Knows(string cluster) => clusters.Names.Contains(cluster);

    /// <exception cref="NoPoliciesException" />
    public async Task<WhoCanAnswers> AskAsync(WhoCanQuestion question, CancellationToken cancellation)
    {
        var policies = await inForce.GetAsync(cancellation);
        var (answers, unresolved) = (new List<WhoCanAnswer>(), new HashSet<string>());
        using var limit = new CancellationTokenSource(Limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        foreach (var policy in policies.Policies)
        {
            List<string> by = [];
            foreach (var role in policy.Limits.Roles)
            {
                if (
                    await GivenAsync(
                        policy,
                        role,
                        question,
                        policies.ReadsLabels,
                        unresolved,
                        either.Token,
                        cancellation
                    )
                    is [_, ..] given
                )
                    by.Add(Named(role.ToString(), question, given));
            }

            if (GivenByRules(policy, question) is [_, ..] rules)
                by.Add(Named("rules", question, rules));
            if (by is [_, ..])
                answers.Add(Answer(policy, by));
        }

        return new(answers, [.. unresolved.Order(StringComparer.Ordinal)]);
    }

    // A right in a namespace comes from a grant in that namespace, or from one for the whole cluster.
    private IEnumerable<Scope> Scopes(
        AccessPolicy policy,
        RoleRef? role,
        IReadOnlyList<RbacRule>? rules,
        WhoCanQuestion question
    )
    {
        if (
            question.Namespace is { } ns
            && new Scope(question.Cluster, [ns], ClusterWide: false, role, rules) is var there
            && clusters.WhyReserved(there) is null
        )
            yield return there;
        if (policy.Limits.ClusterWide && role is not { Kind: RoleKind.Role })
            yield return new(question.Cluster, [], ClusterWide: true, role, rules);
    }

    // A question about any object includes rights to single objects.
    private static bool Gives(RbacRule rule, ResourceAccess access) =>
        access.Name is null
            ? rule.HasVerb(access.Verb) && rule.HasApiGroup(access.ApiGroup) && rule.HasResource(access.Resource)
            : RuleCoverage.Allows([rule], access);

    private static string Named(string what, WhoCanQuestion question, IReadOnlyList<RbacRule> rules) =>
        question.Access.Name is not null || rules.Any(rule => rule.ResourceNames is null or [])
            ? what
            : $"{what} ({string.Join(", ", ObjectNames(rules))})";

    private static IEnumerable<string> ObjectNames(IReadOnlyList<RbacRule> rules) =>
        rules.SelectMany(rule => rule.ResourceNames!).Distinct().Order(StringComparer.Ordinal);

    private List<RbacRule> GivenByRules(AccessPolicy policy, WhoCanQuestion question)
    {
        var access = question.Access;
        var names = access.Name is { } name
            ?
            [
                [name],
            ]
            : policy.Limits.Rules.Where(rule => Gives(rule, access)).Select(rule => rule.ResourceNames);
        var asked = names.Select(some => new RbacRule([access.ApiGroup], [access.Resource], [access.Verb], some));
        return
        [
            .. asked.Where(rule =>
                Scopes(policy, null, [rule], question)
                    .Any(scope =>
                    {
                        var facts = new ClusterFacts(null, scope.AdHocRights(), null);
                        return !policy.Limits.Mismatches(scope, facts).Any(mismatch => !mismatch.IsUnresolved)
                            && !policy.RightsMismatches(scope, facts).Any();
                    })
            ),
        ];
    }

    private async Task<List<RbacRule>> GivenAsync(
        AccessPolicy policy,
        RoleRef role,
        WhoCanQuestion question,
        bool withLabels,
        HashSet<string> unresolved,
        CancellationToken limited,
        CancellationToken cancellation
    )
    {
        List<RbacRule> given = [];
        foreach (var scope in Scopes(policy, role, null, question))
        {
            // The limits of the policy that need no cluster are checked first: most policies are for other clusters or
            // namespaces.
            if (policy.Limits.Mismatches(scope, ClusterFacts.None).Any(mismatch => !mismatch.IsUnresolved))
                continue;
            try
            {
                var facts = await clusters[question.Cluster].FactsAsync(scope, withLabels, limited);
                var mismatch = policy
                    .Limits.Mismatches(scope, facts)
                    .Concat(policy.RightsMismatches(scope, facts))
                    .ToList();
                unresolved.UnionWith(
                    mismatch.Where(x => x.IsUnresolved).Select(x => $"{policy.Name}, {role}: {x.Message}")
                );
                if (mismatch is [])
                    given.AddRange(
                        facts.Rights!.SelectMany(placed => placed.Rules).Where(rule => Gives(rule, question.Access))
                    );
            }
            catch (UnknownRoleException e)
            {
                unresolved.Add($"{policy.Name}, {role}: {e.Message}");
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                unresolved.Add($"{policy.Name}, {role}: {question.Cluster} did not answer in time.");
            }
        }

        return given;
    }

    private static WhoCanAnswer Answer(AccessPolicy policy, IReadOnlyList<string> by) =>
        new(
            policy.Name,
            policy.Source.ToString(),
            policy.Subjects.Groups,
            policy.Subjects.Users,
            policy.Subjects.ExceptGroups,
            policy.Subjects.ExceptUsers,
            by,
            policy.Approval.Automatic is not null,
            [.. policy.AllRequirements]
        );
}
