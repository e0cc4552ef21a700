using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Requests;

namespace JitFunctions.Domain.Policies;

/// <summary>Who approves: nobody (<see cref="Automatic"/>), or <see cref="Required"/> distinct members of <see cref="Groups"/>.</summary>
public sealed record ApprovalRule(bool Automatic, IReadOnlyList<string> Groups, int Required);

/// <summary>One rule of who may ask for what, for how long, and who decides.</summary>
/// <param name="Namespaces">Names or patterns; none when <paramref name="ClusterWide"/>.</param>
public sealed record AccessPolicy(
    string Name,
    IReadOnlyList<string> Groups,
    IReadOnlyList<string> Users,
    IReadOnlyList<NamePattern> Clusters,
    IReadOnlyList<NamePattern> Namespaces,
    bool ClusterWide,
    IReadOnlyList<RoleRef> Roles,
    TimeSpan MaxDuration,
    TimeSpan PendingWindow,
    ApprovalRule Approval)
{
    public bool AppliesTo(Caller caller) => caller.IsInAny(Groups) || Users.Contains(caller.Principal.Username);

    /// <summary>What of the request lies outside this policy; empty when the policy covers all of it.</summary>
    public IEnumerable<string> Excess(RequestTerms terms)
    {
        var scope = terms.Scope;
        if (!Clusters.Any(pattern => pattern.Matches(scope.Cluster)))
            yield return $"not cluster {scope.Cluster}";
        if (scope.ClusterWide && !ClusterWide)
            yield return "not cluster-wide";
        foreach (var name in scope.Namespaces.Where(name => !Namespaces.Any(pattern => pattern.Matches(name))))
            yield return $"not namespace {name}";
        if (!Roles.Contains(scope.Role))
            yield return $"not {scope.Role}";
        if (terms.Duration > MaxDuration)
            yield return $"at most {KubernetesDuration.Format(MaxDuration)}";
    }

    public PolicySnapshot Snapshot(string version) =>
        new(Name, version, Approval.Automatic, Approval.Groups, Approval.Required, PendingWindow);
}
