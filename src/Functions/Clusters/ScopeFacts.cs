using System.Collections.Concurrent;
using System.Net;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Rights;
using JitFunctions.Domain.Scopes;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace JitFunctions.Functions.Clusters;

/// <summary>Collects from a cluster the facts about a scope that policies need.</summary>
internal static class ScopeFacts
{
    public const int NamespacesAtOnce = 8;

    /// <summary>
    /// The time limit for all questions about one scope together: a caller should not wait for fifty calls in turn.
    /// </summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private static readonly ClusterFacts NotAsked = new(null, null, null);

    /// <param name="withNamespaces">False when the states and labels of the namespaces are not needed.</param>
    /// <returns>The facts; where the cluster does not answer, the reason.</returns>
    /// <exception cref="UnknownRoleException" />
    public static async Task<ClusterFacts> FactsAsync(
        this Cluster cluster,
        Scope scope,
        bool withNamespaces,
        CancellationToken cancellation
    )
    {
        using var limit = StartLimit();
        var namespaces = withNamespaces ? await cluster.NamespaceFactsAsync(scope, limit, cancellation) : NotAsked;
        return await cluster.WithRightsAsync(namespaces, scope, limit, cancellation);
    }

    /// <summary>Starts the common time limit for all questions about one scope.</summary>
    public static CancellationTokenSource StartLimit() => new(Limit, TimeProvider.System);

    /// <summary>The states and the labels of the scope's namespaces, without its rights.</summary>
    public static async Task<ClusterFacts> NamespaceFactsAsync(
        this Cluster cluster,
        Scope scope,
        CancellationTokenSource limit,
        CancellationToken cancellation
    )
    {
        var found = new ConcurrentDictionary<string, V1Namespace?>();
        try
        {
            await WithinLimitAsync(
                limited =>
                    Parallel.ForEachAsync(
                        scope.Namespaces,
                        new ParallelOptions { MaxDegreeOfParallelism = NamespacesAtOnce, CancellationToken = limited },
                        async (name, cancel) => found[name] = await FindAsync(cluster, name, cancel)
                    ),
                limit,
                cancellation
            );
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            return NotAsked with { Failure = ClusterFailure.Describe(e, cluster.Name) };
        }

        // A namespace that is missing has no labels.
        return new(found.ToDictionary(one => one.Key, one => Labels(one.Value)), null, null)
        {
            NamespaceStates = found.ToDictionary(one => one.Key, one => State(one.Value)),
        };
    }

    /// <summary>
    /// The facts that are known already, with the rights; without the rights when the cluster is known not to answer.
    /// </summary>
    /// <exception cref="UnknownRoleException" />
    public static async Task<ClusterFacts> WithRightsAsync(
        this Cluster cluster,
        ClusterFacts known,
        Scope scope,
        CancellationTokenSource limit,
        CancellationToken cancellation
    )
    {
        if (known.Failure is not null)
            return known;
        try
        {
            IReadOnlyList<NamespacedRules>? rights = null;
            await WithinLimitAsync(
                async limited => rights = await cluster.RightsAsync(scope, limited),
                limit,
                cancellation
            );
            return known with { Rights = rights };
        }
        catch (Exception e) when (e is not UnknownRoleException && !cancellation.IsCancellationRequested)
        {
            return known with { Failure = ClusterFailure.Describe(e, cluster.Name) };
        }
    }

    /// <exception cref="OperationCanceledException">The time limit is over.</exception>
    private static async Task WithinLimitAsync(
        Func<CancellationToken, Task> ask,
        CancellationTokenSource limit,
        CancellationToken cancellation
    )
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        await ask(either.Token);
    }

    private static async Task<V1Namespace?> FindAsync(Cluster cluster, string name, CancellationToken cancellation)
    {
        try
        {
            return await cluster.Client.CoreV1.ReadNamespaceAsync(name, cancellationToken: cancellation);
        }
        catch (HttpOperationException e) when (e.Response.StatusCode is HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    private static IReadOnlyDictionary<string, string> Labels(V1Namespace? found) =>
        new Dictionary<string, string>(found?.Metadata.Labels ?? new Dictionary<string, string>());

    // The phase follows the deletion timestamp shortly afterwards, and admission uses either.
    private static NamespaceState State(V1Namespace? found) =>
        found switch
        {
            null => NamespaceState.Missing,
            { Metadata.DeletionTimestamp: not null } or { Status.Phase: "Terminating" } => NamespaceState.Terminating,
            _ => NamespaceState.Active,
        };
}
