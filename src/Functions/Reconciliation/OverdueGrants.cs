using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Scopes;
using JitFunctions.Functions.Clusters;
using JitFunctions.Functions.Lifecycle;
using JitFunctions.Functions.Monitoring;
using JitFunctions.Projections;
using Marten;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace JitFunctions.Functions.Reconciliation;

/// <summary>
/// Ends grants that are past their end, whatever the state of their orchestrations. A separate query finds them, so
/// that they wait neither for other requests nor for another cluster.
/// </summary>
public sealed class OverdueGrants(
    IDocumentStore store,
    SystemCommands commands,
    GrantActivation activation,
    GrantRevocation revocation,
    TimeProvider clock,
    ILogger<OverdueGrants> log
)
{
    /// <summary>
    /// No further grant is started after this time in the same run; the next run continues, beginning with those that
    /// were not tried. A grant that was started has the time of one more call.
    /// </summary>
    public static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(30);

    private const int MostInOneRun = 10_000;
    private const int ClustersAtOnce = 32;
    private const int AtOnceInACluster = 4;

    internal async Task<IReadOnlyList<LiveRequest>> FindAsync(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        await using var session = store.QuerySession();
        var due = await session.FindRemovalsDueAsync(
            now - LiveRequest.Grace,
            lastTriedBefore: now - LiveRequest.Grace - Backoff.Longest,
            MostInOneRun,
            cancellation
        );
        return [.. due.Where(request => request.OutlivesExpiry(now))];
    }

    /// <param name="until">The end of the <see cref="TimeLimit"/>.</param>
    internal async Task EndAsync(
        IEnumerable<LiveRequest> overdue,
        DateTimeOffset until,
        DurableTaskClient orchestrations,
        RunReport report,
        CancellationToken cancellation
    )
    {
        await Parallel.ForEachAsync(
            overdue.GroupBy(request => request.Cluster),
            new ParallelOptions { MaxDegreeOfParallelism = ClustersAtOnce, CancellationToken = cancellation },
            async (cluster, stop) =>
                await Parallel.ForEachAsync(
                    cluster,
                    new ParallelOptions { MaxDegreeOfParallelism = AtOnceInACluster, CancellationToken = stop },
                    async (request, stopped) => await TryAsync(request, until, orchestrations, report, stopped)
                )
        );
    }

    private async Task TryAsync(
        LiveRequest request,
        DateTimeOffset until,
        DurableTaskClient orchestrations,
        RunReport report,
        CancellationToken cancellation
    )
    {
        if (clock.GetUtcNow() >= until)
        {
            report.Add(
                FindingKind.Overdue,
                request.RequestId,
                $"{request.Status} past its end; this run had no time left, the next run ends it"
            );
            return;
        }

        try
        {
            report.Add(
                FindingKind.Overdue,
                request.RequestId,
                $"{request.Status} past its end; ended by the reconciler"
            );
            await EndAsync(request, until, cancellation);
            // Its orchestration may still be waiting, although there is nothing left to wait for.
            await orchestrations.NudgeLifecycleAsync(request.RequestId, log, cancellation);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            report.Add(
                FindingKind.NotReconciled,
                request.RequestId,
                $"{e.GetType().Name} while it was {request.Status}; see the log"
            );
            log.LogError(
                e,
                "Request {Request} is past its end and was not ended; the run continues with the others",
                request.RequestId
            );
        }
    }

    private async Task EndAsync(LiveRequest request, DateTimeOffset until, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(until + ClusterClient.CallTimeout - clock.GetUtcNow(), clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        log.LogWarning("Request {Request} is {Status} past its end; ending it", request.RequestId, request.Status);
        if (request.Status is RequestStatus.Approved or RequestStatus.Activating)
            // This late, the activation is abandoned.
            await activation.TryAsync(request.RequestId, Channel.Reconciler, either.Token);
        await commands.HandleAsync(
            request.RequestId,
            new AccessRequestCommand.Expire(clock.GetUtcNow()),
            Channel.Reconciler,
            cancellation
        );
        await revocation.TryAsync(request.RequestId, Channel.Reconciler, cancellation, giveUp: limit.Token);
    }
}
