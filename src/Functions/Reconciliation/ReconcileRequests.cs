using System.Runtime.CompilerServices;
using JitFunctions.Functions.Lifecycle;
using JitFunctions.Functions.Monitoring;
using JitFunctions.Projections;
using Marten;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace JitFunctions.Functions.Reconciliation;

/// <summary>
/// Compares the event store with the orchestrations: ends overdue grants itself, starts missing orchestrations and
/// repeats lost nudges. The reconciler, not the orchestration, guarantees that a grant ends.
/// </summary>
public sealed class ReconcileRequests(
    IDocumentStore store,
    OverdueGrants overdue,
    NodeHealth seen,
    Measurements measurements,
    TimeProvider clock,
    ILogger<ReconcileRequests> log
)
{
    /// <summary>
    /// The time limit for checking orchestrations in one run; the next run continues where this one stopped.
    /// </summary>
    public static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(25);

    // Long enough for an engine that polls to process a nudge, and for a new instance to make progress.
    private static readonly TimeSpan ReplacedAfter = TimeSpan.FromMinutes(3);

    private const int PageSize = 500;
    private const int LookupsAtOnce = 8;

    [WatchedSchedule]
    [Function(nameof(ReconcileRequests))]
    public async Task Run(
        [TimerTrigger("%ReconcilerSchedule%")] TimerInfo timer,
        [DurableClient] DurableTaskClient orchestrations,
        CancellationToken cancellation
    )
    {
        var report = await RunReport.StartAsync(store, nameof(ReconcileRequests), clock, log, cancellation);

        // Rights that outlive their end come first: everything else can wait for them.
        var late = await overdue.FindAsync(cancellation);
        await overdue.EndAsync(late, clock.GetUtcNow() + OverdueGrants.TimeLimit, orchestrations, report, cancellation);
        await ReconcileOrchestrationsAsync(
            late.Select(request => request.RequestId).ToHashSet(),
            orchestrations,
            report,
            cancellation
        );
        await RemoveLeftoverRowsAsync(cancellation);

        measurements.Found(report.Kinds);
        await report.StoreAsync(cancellation);
    }

    private async Task RemoveLeftoverRowsAsync(CancellationToken cancellation)
    {
        try
        {
            await using var session = store.LightweightSession();
            if (await session.RemoveLeftRows(cancellation) is > 0 and var count)
                log.LogWarning(
                    "{Count} rows of requests that are final were removed; another version of the app ended "
                        + "these requests",
                    count
                );
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            // The steps above do not depend on this one.
            log.LogError(e, "Rows of requests that are final cannot be removed");
        }
    }

    // Every run counts all requests. If there are more to check than the time allows, each run begins where the
    // previous one stopped.
    private async Task ReconcileOrchestrationsAsync(
        HashSet<string> ended,
        DurableTaskClient orchestrations,
        RunReport report,
        CancellationToken cancellation
    )
    {
        var (until, backlog) = (clock.GetUtcNow() + TimeLimit, new BacklogCount(clock.GetUtcNow()));
        var (position, isCutShort) = (report.ContinueAfter ?? string.Empty, false);
        await foreach (var page in ReadPagesAsync(position, cancellation))
        {
            backlog.Add(page);
            // Versions before the index wrote some requests without the indexed values.
            var forgotten = page.Where(request =>
                    request.OutlivesExpiry(clock.GetUtcNow()) && ended.Add(request.RequestId)
                )
                .ToList();
            await overdue.EndAsync(forgotten, until, orchestrations, report, cancellation);

            isCutShort |= clock.GetUtcNow() >= until;
            if (isCutShort)
            {
                // The request is still stuck, although this run did not check it.
                foreach (var request in page)
                    report.CarryOver(FindingKind.OrchestrationStuck, request.RequestId);
                continue;
            }

            var limits = new ParallelOptions
            {
                MaxDegreeOfParallelism = LookupsAtOnce,
                CancellationToken = cancellation,
            };
            await Parallel.ForEachAsync(
                page,
                limits,
                async (request, stop) => await TryAsync(request, orchestrations, report, stop)
            );
            position = page[^1].RequestId;
        }

        seen.Backlog = backlog.ToBacklog();
        report.ContinueAfter = isCutShort ? position : null;
    }

    // Reads all pages after the first id, then from the beginning up to it.
    private async IAsyncEnumerable<IReadOnlyList<LiveRequest>> ReadPagesAsync(
        string first,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        await using var session = store.QuerySession();
        for (
            var after = first;
            await session.ReadLivePageAsync(after, PageSize, cancellation) is [_, ..] page;
            after = page[^1].RequestId
        )
            yield return page;
        for (
            var after = string.Empty;
            await session.ReadLivePageAsync(after, PageSize, cancellation) is [_, ..] page;
            after = page[^1].RequestId
        )
        {
            var rest = page.TakeWhile(request => string.CompareOrdinal(request.RequestId, first) <= 0).ToList();
            if (rest is not [])
                yield return rest;
            if (rest.Count < page.Count)
                yield break;
        }
    }

    private async Task TryAsync(
        LiveRequest request,
        DurableTaskClient orchestrations,
        RunReport report,
        CancellationToken cancellation
    )
    {
        try
        {
            await ReconcileAsync(request, orchestrations, report, cancellation);
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
                "Request {Request} was not reconciled; the run continues with the others",
                request.RequestId
            );
        }
    }

    private async Task ReconcileAsync(
        LiveRequest request,
        DurableTaskClient orchestrations,
        RunReport report,
        CancellationToken cancellation
    )
    {
        var instance = await orchestrations.GetInstanceAsync(request.RequestId, cancellation);
        if (instance is null or { IsCompleted: true })
        {
            if (request.IsOlderThanGrace(clock.GetUtcNow()))
                await StartAsync(request, instance, orchestrations, report, cancellation);
        }
        else if (request.IsStuck(clock.GetUtcNow()))
        {
            await NudgeOrReplaceAsync(request, instance, orchestrations, report, cancellation);
        }
    }

    private Task StartAsync(
        LiveRequest request,
        OrchestrationMetadata? ended,
        DurableTaskClient orchestrations,
        RunReport report,
        CancellationToken cancellation
    )
    {
        var kind = ended is { RuntimeStatus: OrchestrationRuntimeStatus.Failed }
            ? FindingKind.OrchestrationFailed
            : FindingKind.OrchestrationMissing;
        report.Add(
            kind,
            request.RequestId,
            $"{request.Status} while its orchestration is {ended?.RuntimeStatus.ToString() ?? "not there"}; a "
                + "new one was started"
        );
        log.LogWarning(
            "Request {Request} is {Status} without a running orchestration ({Instance}); starting one",
            request.RequestId,
            request.Status,
            ended?.RuntimeStatus
        );
        return orchestrations.StartLifecycleAsync(request.RequestId, log, cancellation);
    }

    private async Task NudgeOrReplaceAsync(
        LiveRequest request,
        OrchestrationMetadata instance,
        DurableTaskClient orchestrations,
        RunReport report,
        CancellationToken cancellation
    )
    {
        var stuckFor = report.Add(
            FindingKind.OrchestrationStuck,
            request.RequestId,
            $"{request.Status} for too long while its orchestration is {instance.RuntimeStatus}"
        );
        if (stuckFor >= ReplacedAfter && clock.GetUtcNow() - instance.CreatedAt >= ReplacedAfter)
        {
            // Nothing is lost: the orchestration knows only the request. The next run starts a new one.
            log.LogError(
                "The orchestration of {Request} has been stuck for {Time}; terminating it",
                request.RequestId,
                stuckFor
            );
            await orchestrations.TerminateInstanceAsync(request.RequestId, output: null, cancellation);
            return;
        }

        log.LogWarning(
            "Request {Request} has been {Status} for too long; nudging its orchestration",
            request.RequestId,
            request.Status
        );
        await orchestrations.NudgeLifecycleAsync(request.RequestId, log, cancellation);
    }
}
