using System.Collections.Concurrent;
using JitFunctions.Domain.Grants;
using JitFunctions.Functions.Clusters;
using JitFunctions.Functions.Lifecycle;
using JitFunctions.Functions.Monitoring;
using k8s;
using k8s.Autorest;
using Microsoft.Extensions.Logging;

namespace JitFunctions.Functions.Reconciliation;

/// <summary>What came of one cluster.</summary>
/// <param name="Foreign">What was left alone there.</param>
/// <param name="Trouble">Why it was not compared with the event store, or not to the end; null when it was.</param>
/// <param name="Answered">False when it did not answer at all.</param>
internal sealed record ClusterOutcome(ForeignObjects? Foreign, string? Trouble, bool Answered)
{
    public IReadOnlyList<ClusterFinding> Findings { get; init; } = [];
}

/// <param name="Kind">One of <see cref="FindingKind"/>.</param>
/// <param name="Subject">The request.</param>
internal sealed record ClusterFinding(string Kind, string Subject, string Detail);

/// <summary>
/// Brings one cluster in line with the event store. Live grants come first, then what is left of others, then what
/// other installations have there: however much of that there is, and however large, it keeps no grant waiting.
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
    /// <summary>For one cluster in one run; the next goes on with what is left.</summary>
    public static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(40);

    // From the start of a run. Of what is not listed by then, live grants are looked at by their names.
    private static readonly TimeSpan ListedBy = TimeSpan.FromSeconds(10);

    // Grants that are edited all the time would take all of it, so that their roles could grow and strays would stay.
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

            // The cluster before the event store: whatever is listed and is not in the event store afterwards is not
            // just being made.
            var listedAt = clock.GetUtcNow();
            var (ours, failure) = await ListAsync(cluster, GrantMetadata.SelectorOf(own), both.Token);
            if (failure is not null && ours is [] && !await AnswersAsync(cluster, both.Token))
                return Away(cluster, foreign, failure, findings);
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
            return (failure ?? failureOfOthers) is { } cause ? Away(cluster, foreign, cause, findings)
                : isCut ? CutShort()
                : new(foreign, null, answered) { Findings = findings };
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            return CutShort();
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            return Away(cluster, foreign, e, findings);
        }

        ClusterOutcome CutShort()
        {
            var trouble = answered
                ? $"{cluster.Name} could not be compared to the end within {TimeLimit.TotalSeconds:0} s; the next "
                    + "run continues."
                : $"{cluster.Name} did not answer within {TimeLimit.TotalSeconds:0} s.";
            log.LogWarning("Cluster {Cluster} was not reconciled to the end: {Detail}", cluster.Name, trouble);
            return new(foreign, trouble, answered) { Findings = findings };
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

    private ClusterOutcome Away(
        Cluster cluster,
        ForeignObjects? foreign,
        Exception failure,
        List<ClusterFinding> findings
    )
    {
        var trouble = ClusterFailure.Describe(failure, cluster.Name);
        log.LogWarning("Cluster {Cluster} was not reconciled: {Detail}", cluster.Name, trouble);
        return new(foreign, trouble, Answered: false) { Findings = findings };
    }

    /// <returns>What could be listed, and why that is not all; null when it is.</returns>
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
                "Of what {Cluster} holds only {Count} objects were listed: {Detail}",
                cluster.Name,
                found.Count,
                ClusterFailure.Describe(e, cluster.Name)
            );
            return (found, e);
        }
    }

    // With whatever: then it can be asked for the objects of live grants by their names.
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
