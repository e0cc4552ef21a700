using System.Net;
using System.Text.Json;
using JitFunctions.Domain.Rights;
using JitFunctions.Domain.Scopes;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace JitFunctions.Functions.Clusters;

/// <summary>The cluster does not have the role.</summary>
public sealed class UnknownRoleException(string role, string where) : Exception($"There is no {role} in {where}.");

/// <summary>Reads from the cluster what roles allow.</summary>
internal static class RoleRules
{
    /// <summary>All rights that a scope gives. Namespaces in which it gives the same rights are grouped.</summary>
    /// <exception cref="UnknownRoleException" />
    /// <exception cref="HttpOperationException" />
    public static async Task<IReadOnlyList<NamespacedRules>> RightsAsync(
        this Cluster cluster,
        Scope scope,
        CancellationToken cancellation
    )
    {
        if (scope.AdHocRights() is { } adHoc)
            return adHoc;
        if (scope.Role!.Kind is RoleKind.ClusterRole)
            return [new(scope.Namespaces, await cluster.ClusterRoleRulesAsync(scope.Role.Name, cancellation))];

        var placed = new NamespacedRules[scope.Namespaces.Count];
        await Parallel.ForAsync(
            0,
            placed.Length,
            new ParallelOptions
            {
                MaxDegreeOfParallelism = ScopeFacts.NamespacesAtOnce,
                CancellationToken = cancellation,
            },
            async (i, cancel) => placed[i] = await cluster.RoleRulesAsync(scope.Role, scope.Namespaces[i], cancel)
        );
        return
        [
            .. placed
                .GroupBy(x => JsonSerializer.Serialize(x.Rules))
                .Select(same => new NamespacedRules([.. same.SelectMany(x => x.Namespaces)], same.First().Rules)),
        ];
    }

    /// <remarks>For a request that names a role.</remarks>
    /// <exception cref="HttpOperationException">404 when the role is not there.</exception>
    public static async Task EnsureRoleExistsAsync(this Cluster cluster, Scope scope, CancellationToken cancellation)
    {
        var (rbac, name) = (cluster.Client.RbacAuthorizationV1, ObjectName.InAddress(scope.Role!.Name));
        if (scope.Role.Kind is RoleKind.ClusterRole)
        {
            await rbac.ReadClusterRoleAsync(name, cancellationToken: cancellation);
            return;
        }

        foreach (var ns in scope.Namespaces)
            await rbac.ReadNamespacedRoleAsync(name, ns, cancellationToken: cancellation);
    }

    private static async Task<NamespacedRules> RoleRulesAsync(
        this Cluster cluster,
        RoleRef role,
        string ns,
        CancellationToken cancellation
    )
    {
        var found =
            await FindAsync(() =>
                cluster.Client.RbacAuthorizationV1.ReadNamespacedRoleAsync(
                    ObjectName.InAddress(role.Name),
                    ns,
                    cancellationToken: cancellation
                )
            ) ?? throw new UnknownRoleException(role.ToString(), $"namespace {ns} of {cluster.Name}");
        return new([ns], Distinct((found.Rules ?? []).Select(ToRule)));
    }

    /// <exception cref="UnknownRoleException" />
    /// <exception cref="HttpOperationException" />
    public static async Task<IReadOnlyList<RbacRule>> ClusterRoleRulesAsync(
        this Cluster cluster,
        string name,
        CancellationToken cancellation
    )
    {
        var role =
            await FindAsync(() =>
                cluster.Client.RbacAuthorizationV1.ReadClusterRoleAsync(
                    ObjectName.InAddress(name),
                    cancellationToken: cancellation
                )
            ) ?? throw new UnknownRoleException($"ClusterRole/{name}", cluster.Name);
        return Distinct(await AllRulesAsync(cluster, role, [], cancellation));
    }

    public static RbacRule ToRule(V1PolicyRule rule) =>
        new(
            [.. rule.ApiGroups ?? []],
            [.. rule.Resources ?? []],
            [.. rule.Verbs ?? []],
            rule.ResourceNames is { Count: > 0 } names ? [.. names] : null,
            rule.NonResourceURLs is { Count: > 0 } urls ? [.. urls] : null
        );

    // The Kubernetes controller writes the result of the aggregation into a role shortly after one of the aggregated
    // roles changed. So both the rules in the role now and the rules that will be in it count as given.
    private static async Task<IEnumerable<RbacRule>> AllRulesAsync(
        Cluster cluster,
        V1ClusterRole role,
        HashSet<string> seen,
        CancellationToken cancellation
    )
    {
        if (!seen.Add(role.Metadata.Name))
            return [];
        var rules = (role.Rules ?? []).Select(ToRule);
        foreach (var selector in role.AggregationRule?.ClusterRoleSelectors ?? [])
        {
            var parts = await cluster.Client.RbacAuthorizationV1.ListClusterRoleAsync(
                labelSelector: Text(selector),
                cancellationToken: cancellation
            );
            foreach (var part in parts.Items)
                rules = rules.Concat(await AllRulesAsync(cluster, part, seen, cancellation));
        }

        return rules;
    }

    private static async Task<T?> FindAsync<T>(Func<Task<T>> read)
        where T : class
    {
        try
        {
            return await read();
        }
        catch (HttpOperationException e) when (e.Response.StatusCode is HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    private static IReadOnlyList<RbacRule> Distinct(IEnumerable<RbacRule> rules) =>
        [.. rules.DistinctBy(rule => JsonSerializer.Serialize(rule))];

    private static string Text(V1LabelSelector selector) =>
        string.Join(
            ',',
            [
                .. (selector.MatchLabels ?? new Dictionary<string, string>()).Select(label =>
                    $"{label.Key}={label.Value}"
                ),
                .. (selector.MatchExpressions ?? []).Select(Text),
            ]
        );

    private static string Text(V1LabelSelectorRequirement x) =>
        x.OperatorProperty switch
        {
            "Exists" => x.Key,
            "DoesNotExist" => $"!{x.Key}",
            var op => $"{x.Key} {(op == "In" ? "in" : "notin")} ({string.Join(',', x.Values)})",
        };
}
