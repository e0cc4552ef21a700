using JitFunctions.Domain.Rights;
using JitFunctions.Domain.Scopes;

namespace JitFunctions.Domain.Policies;

/// <summary>The clusters, namespaces and rights that a policy allows people to request.</summary>
/// <param name="Namespaces">Names or patterns. If empty while <paramref name="NamespaceLabels"/> is not, any namespace
/// with the labels is allowed.</param>
/// <param name="NamespaceLabels">Labels that a namespace must also have.</param>
/// <param name="Rules">Ad-hoc rules must be covered by these; their resource names may be patterns.</param>
public sealed record ScopeLimits(
    IReadOnlyList<NamePattern> Clusters,
    IReadOnlyList<NamePattern> Namespaces,
    IReadOnlyDictionary<string, string> NamespaceLabels,
    bool ClusterWide,
    IReadOnlyList<RoleRef> Roles,
    IReadOnlyList<RbacRule> Rules
)
{
    private static readonly NamePattern AnyOrdinary = new("*");

    public IEnumerable<PolicyMismatch> Mismatches(Scope scope, ClusterFacts facts)
    {
        if (!Clusters.Any(pattern => pattern.Allows(scope.Cluster)))
            yield return new("clusters", $"not cluster {scope.Cluster}");
        if (scope.ClusterWide && !ClusterWide)
            yield return new("clusterWide", "not cluster-wide");
        foreach (var name in scope.Namespaces.Where(name => !AllowsName(name)))
            yield return new("namespaces", $"not namespace {name}");
        if (NamespaceLabels.Count > 0)
        {
            foreach (
                var mismatch in scope.Namespaces.Select(name => LabelMismatch(name, facts)).OfType<PolicyMismatch>()
            )
                yield return mismatch;
        }

        if (scope.Role is { } role && !Roles.Contains(role))
            yield return new("roles", $"not {role}");
        foreach (var mismatch in scope.Rules is { } rules ? RuleCoverage.Uncovered(Rules, rules) : [])
            yield return new("rules", $"not {mismatch}");
    }

    private bool AllowsName(string name) =>
        Namespaces.Any(pattern => pattern.Allows(name))
        || (Namespaces is [] && NamespaceLabels.Count > 0 && AnyOrdinary.Allows(name));

    private PolicyMismatch? LabelMismatch(string name, ClusterFacts facts)
    {
        if (facts.NamespaceLabels?.GetValueOrDefault(name) is not { } labels)
            return new(
                "namespaceLabels",
                $"the labels of namespace {name} cannot be read: {facts.Failure}",
                IsUnresolved: true
            );
        var lacking = NamespaceLabels
            .Where(wanted => labels.GetValueOrDefault(wanted.Key) != wanted.Value)
            .Select(wanted => $"{wanted.Key}={wanted.Value}")
            .ToList();
        return lacking is [] ? null : new("namespaceLabels", $"namespace {name} lacks {string.Join(", ", lacking)}");
    }
}
