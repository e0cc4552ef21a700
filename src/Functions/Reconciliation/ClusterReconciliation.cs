using System.Collections.Concurrent;
using JitFunctions.Domain.Grants;
using JitFunctions.Functions.Clusters;
using JitFunctions.Functions.Lifecycle;
using JitFunctions.Functions.Monitoring;
using k8s;
using k8s.Autorest;
using Microsoft.Extensions.Logging;

namespace JitFunctions.Functions.Reconciliation;

/// <summary>The result for one cluster.</summary>
/// <param name="Foreign">The objects that were not touched.</param>
/// <param name="Failure">
/// Why the cluster was not compared with the event store, or only in part; null when it was.
/// </param>
/// <param name="Answered">False when the cluster did not answer at all.</param>
internal sealed record ClusterOutcome(ForeignObjects? Foreign, string? Failure, bool Answered)
{
    public IReadOnlyList<ClusterFinding> Findings { get; init; } = [];
}

/// <param name="Kind">One of <see cref="FindingKind"/>.</param>
/// <param name="Subject">The request.</param>
internal sealed record ClusterFinding(string Kind, string Subject, string Detail);

/// <summary>
/// Compares one cluster with the event store and corrects the differences. Live grants come first, then objects of
/// other grants, then objects of other installations, so that no number and no size of these delays a grant.
/// </summary>
public sealed class ClusterReconciliation(
    LiveGrantCheck grants,
    RoleGrowth roles,
    StrayRemoval objects,
    CurrentInstallation installation,
    TimeProvider clock,
    ILogger<ClusterReconciliation> log
)
{
    /// <summary>The time limit for one cluster in one run; the next run continues with the rest.</summary>
    public static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(40);

    // Measured from the start of a run. Live grants that are not listed by then are read by the names of their objects.
    private static readonly TimeSpan ListedBy = TimeSpan.FromSeconds(10);

    // Grants that are changed all the time would use up the time limit, so that role growth and strays would not be
    // checked.
    internal static readonly TimeSpan GrantsBy = TimeSpan.FromSeconds(24);
    private static readonly TimeSpan RolesBy = TimeSpan.FromSeconds(30);

    internal async Task<ClusterOutcome> RunAsync(Cluster cluster, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(TimeLimit, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        ForeignObjects? foreign = null;
        var (answered, isCut, started) = (false, false, clock.GetTimestamp());
        List<ClusterFinding> findings = [];
        try
        {
            var own = await installation.GetAsync(cancellation);
            foreign = new(cluster.Name, own);

            // The cluster is listed before the event store is read: an object that is listed and not in the event store
            // afterwards is not one that is just being created.
            var listedAt = clock.GetUtcNow();
            var (ours, failure) = await ListAsync(cluster, GrantMetadata.SelectorOf(own), both.Token);
            if (failure is not null && ours is [] && !await AnswersAsync(cluster, both.Token))
                return Unavailable(cluster, foreign, failure, findings);
            answered = true;
            var expected = new ConcurrentBag<GrantObjectRef>();
            isCut |= !await EndsByAsync(
                GrantsBy,
                stop => grants.CheckAsync(cluster, ours, listedAt, expected, finish: cancellation, stop)
            );
            isCut |= !await EndsByAsync(RolesBy, stop => roles.CheckAsync(cluster, findings, stop));
            var live = expected.ToHashSet();
            await objects.RemoveAsync(
                cluster,
                [.. ours.Where(one => !live.Contains(one.Ref))],
                foreign,
                record: cancellation,
                both.Token
            );

            var (others, failureOfOthers) = await ListAsync(cluster, GrantMetadata.SelectorOfOthers(own), both.Token);
            await objects.RemoveAsync(cluster, others, foreign, record: cancellation, both.Token);
            return (failure ?? failureOfOthers) is { } cause ? Unavailable(cluster, foreign, cause, findings)
                : isCut ? CutShort()
                : new(foreign, null, answered) { Findings = findings };
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            return CutShort();
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            return Unavailable(cluster, foreign, e, findings);
        }

        ClusterOutcome CutShort()
        {
            var detail = answered
                ? $"{cluster.Name} could not be compared to the end within {TimeLimit.TotalSeconds:0} s; the next "
                    + "run continues."
                : $"{cluster.Name} did not answer within {TimeLimit.TotalSeconds:0} s.";
            log.LogWarning("Cluster {Cluster} was not reconciled to the end: {Detail}", cluster.Name, detail);
            return new(foreign, detail, answered) { Findings = findings };
        }

        async Task<bool> EndsByAsync(TimeSpan end, Func<CancellationToken, Task> part)
        {
            var left = end - clock.GetElapsedTime(started);
            using var share = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(both.Token, share.Token);
            try
            {
                await part(either.Token);
                return true;
            }
            catch (OperationCanceledException) when (share.IsCancellationRequested && !both.IsCancellationRequested)
            {
                return false;
            }
        }
    }

    private ClusterOutcome Unavailable(
        Cluster cluster,
        ForeignObjects? foreign,
        Exception failure,
        List<ClusterFinding> findings
    )
    {
        var detail = ClusterFailure.Describe(failure, cluster.Name);
        log.LogWarning("Cluster {Cluster} was not reconciled: {Detail}", cluster.Name, detail);
        return new(foreign, detail, Answered: false) { Findings = findings };
    }

    /// <returns>The objects that could be listed, and why the list is incomplete; null when it is complete.</returns>
    private async Task<(IReadOnlyList<ListedObject> Found, Exception? Failure)> ListAsync(
        Cluster cluster,
        string selector,
        CancellationToken cancellation
    )
    {
        List<ListedObject> found = [];
        using var limit = new CancellationTokenSource(ListedBy, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            foreach (var kind in ClusterObjects.Kinds)
                await cluster.ListAsync(kind, selector, found, both.Token);
            return (found, null);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            log.LogWarning(
                "{Cluster}: only {Count} objects could be listed: {Detail}",
                cluster.Name,
                found.Count,
                ClusterFailure.Describe(e, cluster.Name)
            );
            return (found, e);
        }
    }

    // Whatever the failure is: the cluster can still be asked for the objects of live grants by their names.
    private static async Task<bool> AnswersAsync(Cluster cluster, CancellationToken cancellation)
    {
        try
        {
            await cluster.Client.Version.GetCodeAsync(cancellation);
            return true;
        }
        catch (HttpOperationException)
        {
            return true;
        }
        catch (Exception) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }
}
