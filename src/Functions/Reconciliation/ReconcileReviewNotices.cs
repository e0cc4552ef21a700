using JitFunctions.Functions.Notices;
using Microsoft.Azure.Functions.Worker;

namespace JitFunctions.Functions.Reconciliation;

/// <summary>Tells the approvers who were not told at once what waits for them.</summary>
public sealed class ReconcileReviewNotices(Reviewers reviewers)
{
    [Function(nameof(ReconcileReviewNotices))]
    public Task Run([TimerTrigger("%ReconcilerSchedule%")] TimerInfo timer, CancellationToken cancellation) =>
        reviewers.TellAllAsync(cancellation);
}
