using JitFunctions.Domain.Scopes;

namespace JitFunctions.Domain.Policies;

/// <summary>The roles named by policies that exist in one configured cluster.</summary>
/// <param name="Roles">For each role that was looked up, the namespaces in which it exists; for an existing ClusterRole
/// one empty string. A role that is not in the dictionary was not looked up.</param>
/// <param name="Failure">Why some were not looked up; null if all were.</param>
public sealed record KnownCluster(
    string Name,
    IReadOnlyDictionary<RoleRef, IReadOnlyList<string>> Roles,
    string? Failure
);

/// <summary>The groups named by policies that exist in the directory.</summary>
/// <param name="Exists">A group that is not in the dictionary was not looked up.</param>
/// <param name="Failure">Why some were not looked up; null if all were.</param>
public sealed record KnownGroups(IReadOnlyDictionary<string, bool> Exists, string? Failure);

/// <summary>
/// Finds names in valid policies that do not exist. The files alone do not show such a mistake, because only the
/// clusters and the directory know what exists. A policy with such a name is in force nevertheless.
/// </summary>
public static class PolicyWarnings
{
    private const int Most = 200;

    /// <summary>The roles that policies and denials name for this cluster, without duplicates.</summary>
    public static IReadOnlyList<RoleRef> RolesFor(PolicySet policies, string cluster) =>
        [
            .. policies
                .Policies.Where(policy => policy.Limits.Clusters.Any(pattern => pattern.Allows(cluster)))
                .SelectMany(policy => policy.Limits.Roles)
                .Concat(policies.Denials.Where(denial => IsAbout(denial, cluster)).SelectMany(denial => denial.Roles))
                .Distinct(),
        ];

    /// <summary>All groups that the policies name, without duplicates.</summary>
    public static IReadOnlyList<string> GroupsIn(PolicySet policies) =>
        [.. Groups(policies).Select(named => named.Group).Distinct()];

    /// <param name="clusters">All configured clusters.</param>
    /// <param name="directory">Null if no directory is configured.</param>
    /// <returns>One line each, <c>file:line: message</c> if the position is known.</returns>
    public static IReadOnlyList<string> Of(
        PolicySet policies,
        IReadOnlyList<KnownCluster> clusters,
        KnownGroups? directory
    )
    {
        List<string> all =
        [
            .. policies.Policies.SelectMany(policy => OfPolicy(policy, clusters)),
            .. policies.Denials.SelectMany(denial => OfDenial(denial, clusters)),
            .. directory is null ? [] : OfGroups(policies, directory),
            .. clusters
                .Where(cluster => cluster.Failure is not null)
                .Select(cluster => $"Not all roles in cluster {cluster.Name} were checked: {cluster.Failure}"),
        ];
        return all.Count <= Most ? all : [.. all.Take(Most), $"There are {all.Count - Most} more warnings than these."];
    }

    private static IEnumerable<string> OfPolicy(AccessPolicy policy, IReadOnlyList<KnownCluster> clusters)
    {
        foreach (
            var pattern in policy.Limits.Clusters.Where(pattern =>
                !clusters.Any(cluster => pattern.Allows(cluster.Name))
            )
        )
            yield return $"{policy.Source.Of("clusters")}: {NoCluster(pattern)}: {policy.Name} gives nothing there.";

        IReadOnlyList<KnownCluster> meant =
        [
            .. clusters.Where(cluster => policy.Limits.Clusters.Any(pattern => pattern.Allows(cluster.Name))),
        ];
        foreach (var role in policy.Limits.Roles)
        {
            if (Lacking(role, meant, ns => MayBeIn(policy, ns)) is [_, ..] lacking)
                yield return $"{policy.Source.Of("roles")}: {role} does not exist in "
                    + $"{string.Join(", ", lacking)}{Where(role)}.";
        }
    }

    // A denial whose cluster or role does not exist denies nothing.
    private static IEnumerable<string> OfDenial(Denial denial, IReadOnlyList<KnownCluster> clusters)
    {
        foreach (
            var pattern in denial.Clusters.Where(pattern => !clusters.Any(cluster => pattern.Matches(cluster.Name)))
        )
            yield return $"{denial.Source.Of("clusters")}: {NoCluster(pattern)}: {denial.Name} denies nothing there.";

        IReadOnlyList<KnownCluster> meant = [.. clusters.Where(cluster => IsAbout(denial, cluster.Name))];
        foreach (var role in denial.Roles)
        {
            if (Lacking(role, meant, _ => true) is { } lacking && lacking.Count > 0 && lacking.Count == meant.Count)
                yield return $"{denial.Source.Of("roles")}: {role} does not exist in {string.Join(", ", lacking)}.";
        }
    }

    private static IEnumerable<string> OfGroups(PolicySet policies, KnownGroups directory)
    {
        foreach (var (group, place) in Groups(policies).DistinctBy(named => named.Group))
        {
            if (directory.Exists.TryGetValue(group, out var exists) && !exists)
                yield return $"{place}: the directory has no group '{group}'.";
        }

        if (directory.Failure is { } failure)
            yield return $"Not all groups were checked: {failure}";
    }

    private static IReadOnlyList<string> Lacking(
        RoleRef role,
        IReadOnlyList<KnownCluster> clusters,
        Func<string, bool> isMeant
    ) =>
        [
            .. clusters
                .Where(cluster =>
                    cluster.Roles.TryGetValue(role, out var found)
                    && !(role.Kind is RoleKind.ClusterRole ? found.Count > 0 : found.Any(isMeant))
                )
                .Select(cluster => cluster.Name),
        ];

    private static string Where(RoleRef role) =>
        role.Kind is RoleKind.Role ? ", in none of the policy's namespaces" : string.Empty;

    private static bool MayBeIn(AccessPolicy policy, string ns) =>
        policy.Limits.Namespaces is [] || policy.Limits.Namespaces.Any(pattern => pattern.Allows(ns));

    private static bool IsAbout(Denial denial, string cluster) =>
        denial.Clusters is [] || denial.Clusters.Any(pattern => pattern.Matches(cluster));

    private static string NoCluster(NamePattern pattern) =>
        pattern.Text.Contains('*', StringComparison.Ordinal)
            ? $"no cluster that is configured matches '{pattern.Text}'"
            : $"no cluster that is configured is called '{pattern.Text}'";

    private static IEnumerable<(string Group, string Place)> Groups(PolicySet policies) =>
        [
            .. policies.Administrators.Select(group => (group, "administrators")),
            .. policies.Auditors.Select(group => (group, "auditors")),
            .. policies.Policies.SelectMany(policy => Of(policy.Subjects, policy.Source)),
            .. policies.Policies.SelectMany(policy =>
                policy
                    .AllRequirements.SelectMany(requirement => requirement.Groups)
                    .Select(group => (group, policy.Source.Of("approval")))
            ),
            .. policies.Denials.SelectMany(denial => Of(denial.Subjects, denial.Source)),
        ];

    private static IEnumerable<(string Group, string Place)> Of(Subjects subjects, SourcePlace source) =>
        [
            .. subjects.Groups.Select(group => (group, source.Of("groups"))),
            .. subjects.ExceptGroups.Select(group => (group, source.Of("exceptGroups"))),
        ];
}
