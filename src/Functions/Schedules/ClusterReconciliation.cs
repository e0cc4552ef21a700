using JitFunctions.Functions.Clusters;
using Microsoft.Extensions.Logging;

namespace JitFunctions.Functions.Schedules;

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
/// Brings one cluster in line with the event store. Live grants come first, then what is left of others, then what other installations
/// have there: however much of that there is, it keeps no grant waiting.
/// </summary>
public sealed class ClusterReconciliation(
    LiveGrantCheck grants, RoleGrowth roles, FoundObjects objects, CurrentInstallation installation, TimeProvider clock, ILogger<ClusterReconciliation> log)
{
    /// <summary>For one cluster in one run; the next goes on with what is left.</summary>
    public static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(40);

    internal async Task<ClusterOutcome> RunAsync(Cluster cluster, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(TimeLimit, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        ForeignObjects? foreign = null;
        var answered = false;
        List<ClusterFinding> findings = [];
        try
        {
            var own = await installation.GetAsync(cancellation);
            foreign = new(cluster.Name, own);

            // The cluster before the event store: whatever is listed and is not in the event store afterwards is not just being made.
            var listedAt = clock.GetUtcNow();
            var ours = await ListAsync(cluster, GrantBinding.SelectorOf(own), both.Token);
            answered = true;
            var live = await grants.CheckAsync(cluster, ours, listedAt, both.Token);
            await roles.CheckAsync(cluster, findings, both.Token);
            await objects.DealWithAsync(
                cluster, [.. ours.Where(one => !live.Contains(one.Ref()))], foreign, record: cancellation, both.Token);

            var others = await ListAsync(cluster, GrantBinding.SelectorOfOthers(own), both.Token);
            await objects.DealWithAsync(cluster, others, foreign, record: cancellation, both.Token);
            return new(foreign, null, answered) { Findings = findings };
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            var trouble = answered
                ? $"{cluster.Name} has more to be looked at than {TimeLimit.TotalSeconds:0} s are enough for; the next run goes on."
                : $"{cluster.Name} did not answer within {TimeLimit.TotalSeconds:0} s.";
            log.LogWarning("Cluster {Cluster} was not reconciled to the end: {Detail}", cluster.Name, trouble);
            return new(foreign, trouble, answered) { Findings = findings };
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            var trouble = ClusterFailure.Describe(e, cluster.Name);
            log.LogWarning("Cluster {Cluster} was not reconciled: {Detail}", cluster.Name, trouble);
            return new(foreign, trouble, Answered: false) { Findings = findings };
        }
    }

    private static async Task<List<IGrantObject>> ListAsync(Cluster cluster, string selector, CancellationToken cancellation)
    {
        List<IGrantObject> found = [];
        foreach (var kind in ClusterObjects.Kinds)
            found.AddRange(await cluster.ListAsync(kind, selector, cancellation));
        return found;
    }
}
