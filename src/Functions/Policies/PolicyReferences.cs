using System.Collections.Concurrent;
using System.Net;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Scopes;
using JitFunctions.Functions.Clusters;
using JitFunctions.Functions.Platform.Directory;
using JitFunctions.Projections;
using k8s;
using k8s.Autorest;
using Microsoft.Extensions.DependencyInjection;

namespace JitFunctions.Functions.Policies;

/// <summary>
/// Checks whether the names in a version of the policies exist in clusters and the directory. The check runs when
/// somebody reads the version, not when it is published: an unavailable cluster neither delays nor prevents a
/// publication, and a role that was created since is not reported.
/// </summary>
/// <param name="directory">Empty where groups are known only from tokens.</param>
public sealed class PolicyReferences(
    [FromKeyedServices(ApiStore.Key)] ClusterConnections clusters,
    IEnumerable<GraphGroups> directory,
    TimeProvider clock
)
{
    /// <summary>The time limit for all checks together.</summary>
    public static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(5);

    private const int MostRoles = 200;
    private const int MostGroups = 100;
    private const int AtOnce = 8;

    /// <summary>Never fails: a name that cannot be checked gets a warning that says so.</summary>
    public async Task<IReadOnlyList<string>> WarningsAsync(PolicySet policies, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(TimeLimit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        var groups = directory.FirstOrDefault() is { } graph
            ? GroupsAsync(graph, PolicyWarnings.GroupsIn(policies), either.Token)
            : null;
        var known = await Task.WhenAll(
            clusters.Names.Select(name => ReadClusterAsync(name, PolicyWarnings.RolesFor(policies, name), either.Token))
        );
        var found = groups is null ? null : await groups;
        cancellation.ThrowIfCancellationRequested();
        return PolicyWarnings.Of(policies, known, found);
    }

    private async Task<KnownCluster> ReadClusterAsync(
        string name,
        IReadOnlyList<RoleRef> roles,
        CancellationToken cancellation
    )
    {
        var found = new ConcurrentDictionary<RoleRef, IReadOnlyList<string>>();
        try
        {
            var cluster = roles is [] ? null : clusters[name];
            await Parallel.ForEachAsync(
                roles.Take(MostRoles),
                new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation },
                async (role, cancel) => found[role] = await NamespacesWithRoleAsync(cluster!, role, cancel)
            );
            return new(
                name,
                found,
                roles.Count > MostRoles ? $"{roles.Count - MostRoles} of {roles.Count} are too many." : null
            );
        }
        catch (Exception e)
        {
            return new(name, found, ClusterFailure.Describe(e, name));
        }
    }

    private static async Task<IReadOnlyList<string>> NamespacesWithRoleAsync(
        Cluster cluster,
        RoleRef role,
        CancellationToken cancellation
    )
    {
        if (role.Kind is RoleKind.Role)
        {
            var all = await cluster.Client.RbacAuthorizationV1.ListRoleForAllNamespacesAsync(
                fieldSelector: $"metadata.name={Escape(role.Name)}",
                cancellationToken: cancellation
            );
            return [.. all.Items.Select(one => one.Metadata.NamespaceProperty)];
        }

        try
        {
            await cluster.Client.RbacAuthorizationV1.ReadClusterRoleAsync(
                ObjectName.InAddress(role.Name),
                cancellationToken: cancellation
            );
            return [string.Empty];
        }
        catch (HttpOperationException e) when (e.Response.StatusCode is HttpStatusCode.NotFound)
        {
            return [];
        }
    }

    // Escaped as fields.EscapeValue does in k8s.io/apimachinery.
    private static string Escape(string value) =>
        value
            .Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace(",", "\\,", StringComparison.Ordinal)
            .Replace("=", "\\=", StringComparison.Ordinal);

    private static async Task<KnownGroups> GroupsAsync(
        GraphGroups graph,
        IReadOnlyList<string> groups,
        CancellationToken cancellation
    )
    {
        var exists = new ConcurrentDictionary<string, bool>();
        try
        {
            await Parallel.ForEachAsync(
                groups.Take(MostGroups),
                new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation },
                async (group, cancel) => exists[group] = await graph.ExistsAsync(group, cancel)
            );
            return new(
                exists,
                groups.Count > MostGroups ? $"{groups.Count - MostGroups} of {groups.Count} are too many." : null
            );
        }
        catch (UnclearAnswerException e)
        {
            return new(exists, e.Message);
        }
        catch (OperationCanceledException)
        {
            return new(exists, "Microsoft Graph did not answer in time.");
        }
    }
}
