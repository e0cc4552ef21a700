using JitFunctions.Domain.Requests;
using JitFunctions.Functions.Grants;
using JitFunctions.Functions.Notifications;
using JitFunctions.Functions.Orchestrations;
using JitFunctions.Functions.Telemetry;
using JitFunctions.Projections;
using Marten;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace JitFunctions.Functions.Schedules;

/// <summary>Sees to what break-glass owes: approvers who have not been told yet, and reviews that have not been given in time.</summary>
public sealed class ReconcileOwedReviews(
    IDocumentStore store, SystemCommands commands, SkippedApprovers approvers, Observations seen, TimeProvider clock,
    ILogger<ReconcileOwedReviews> log)
{
    [Function(nameof(ReconcileOwedReviews))]
    public async Task Run([TimerTrigger("%ReconcilerSchedule%")] TimerInfo timer, CancellationToken cancellation)
    {
        await using var session = store.QuerySession();
        var all = await session.FindOwedReviews(cancellation);
        seen.OldestNotice = await OldestNoticeAsync(session, all, cancellation);
        foreach (var owed in all)
        {
            try
            {
                if (owed.NotifiedAt is null)
                    await approvers.TryTellAsync(owed.Id, Channel.Reconciler, cancellation);
                if (owed.OverdueAt is null && clock.GetUtcNow() >= owed.ReviewBy)
                    await commands.HandleAsync(owed.Id, new AccessRequestCommand.MarkReviewOverdue(clock.GetUtcNow()), Channel.Reconciler, cancellation);
            }
            catch (Exception e) when (!cancellation.IsCancellationRequested)
            {
                log.LogError(e, "The review that {Request} owes was not reconciled; the others are", owed.Id);
            }
        }
    }

    // A notice is owed from the moment at which break-glass was used, which is when it was asked for.
    private async Task<TimeSpan> OldestNoticeAsync(IQuerySession session, IReadOnlyList<OwedReview> owed, CancellationToken cancellation)
    {
        string[] untold = [.. owed.Where(review => review.NotifiedAt is null).Select(review => review.Id)];
        if (untold is [])
            return TimeSpan.Zero;
        var requests = await session.LoadManyAsync<RequestDetails>(cancellation, untold);
        return requests.Select(request => clock.GetUtcNow() - request.RequestedAt).DefaultIfEmpty().Max();
    }
}
