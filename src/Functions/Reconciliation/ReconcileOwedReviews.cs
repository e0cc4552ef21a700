using JitFunctions.Domain.Requests;
using JitFunctions.Functions.Monitoring;
using JitFunctions.Functions.Notices;
using JitFunctions.Projections;
using Marten;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace JitFunctions.Functions.Reconciliation;

/// <summary>
/// Handles the follow-up of break-glass: reviews that were not given in time, and approvers who were not notified yet.
/// </summary>
public sealed class ReconcileOwedReviews(
    IDocumentStore store,
    SystemCommands commands,
    SkippedApprovers approvers,
    NodeHealth seen,
    TimeProvider clock,
    ILogger<ReconcileOwedReviews> log
)
{
    /// <summary>No further notice is started after this time in the same run.</summary>
    public static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(30);

    private const int MostInOneRun = 1000;

    // A receiver may take fifteen seconds for each.
    private const int NoticesAtOnce = 8;

    [WatchedSchedule]
    [Function(nameof(ReconcileOwedReviews))]
    public async Task Run([TimerTrigger("%ReconcilerSchedule%")] TimerInfo timer, CancellationToken cancellation)
    {
        await using var session = store.QuerySession();
        var now = clock.GetUtcNow();
        seen.OldestNotice = now - await session.OldestNoticeOwedAsync(now, cancellation);

        foreach (var id in await session.FindOverdueReviewsAsync(now, MostInOneRun, cancellation))
        {
            await TryAsync(
                id,
                () =>
                    commands.HandleAsync(
                        id,
                        new AccessRequestCommand.MarkReviewOverdue(clock.GetUtcNow()),
                        Channel.Reconciler,
                        cancellation
                    ),
                cancellation
            );
        }

        var until = now + TimeLimit;
        var limits = new ParallelOptions { MaxDegreeOfParallelism = NoticesAtOnce, CancellationToken = cancellation };
        await Parallel.ForEachAsync(
            await session.FindNoticesOwedAsync(MostInOneRun, cancellation),
            limits,
            async (id, stop) =>
            {
                if (clock.GetUtcNow() < until)
                    await TryAsync(id, () => approvers.TryTellAsync(id, Channel.Reconciler, stop), stop);
            }
        );
    }

    private async Task TryAsync(string id, Func<Task> act, CancellationToken cancellation)
    {
        try
        {
            await act();
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            log.LogError(
                e,
                "The pending review of {Request} was not reconciled; the run continues with the others",
                id
            );
        }
    }
}
