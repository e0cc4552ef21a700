using System.Collections.Concurrent;
using System.Net;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Rights;
using JitFunctions.Domain.Scopes;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace JitFunctions.Functions.Clusters;

/// <summary>Asks a cluster what policies want to know about a scope.</summary>
internal static class ScopeFacts
{
    public const int NamespacesAtOnce = 8;

    /// <summary>
    /// For all that is asked about a scope together: whoever waits for the answer does not wait for fifty calls.
    /// </summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private static readonly ClusterFacts NotAsked = new(null, null, null);

    /// <param name="withNamespaces">False when nobody wants to know the states and labels of the namespaces.</param>
    /// <returns>What the cluster says; where it does not answer, why.</returns>
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

    /// <summary>Starts the time that all questions about one scope have together.</summary>
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
            return NotAsked with { Trouble = ClusterFailure.Describe(e, cluster.Name) };
        }

        // A namespace that is missing has no labels.
        return new(found.ToDictionary(one => one.Key, one => Labels(one.Value)), null, null)
        {
            NamespaceStates = found.ToDictionary(one => one.Key, one => State(one.Value)),
        };
    }

    /// <summary>
    /// What is known already, with the rights; without them when it is known that the cluster does not answer.
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
        if (known.Trouble is not null)
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
            return known with { Trouble = ClusterFailure.Describe(e, cluster.Name) };
        }
    }

    /// <exception cref="OperationCanceledException">The time is over.</exception>
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

    // Its phase follows its deletion timestamp a moment later, and admission goes by either.
    private static NamespaceState State(V1Namespace? found) =>
        found switch
        {
            null => NamespaceState.Missing,
            { Metadata.DeletionTimestamp: not null } or { Status.Phase: "Terminating" } => NamespaceState.Terminating,
            _ => NamespaceState.Active,
        };
}
