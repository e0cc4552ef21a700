using JitFunctions.Functions.Notices;
using Microsoft.Azure.Functions.Worker;

namespace JitFunctions.Functions.Reconciliation;

/// <summary>Sends the notices that approvers did not receive at the first try.</summary>
public sealed class ReconcileReviewNotices(Reviewers reviewers)
{
    [Function(nameof(ReconcileReviewNotices))]
    public Task Run([TimerTrigger("%ReconcilerSchedule%")] TimerInfo timer, CancellationToken cancellation) =>
        reviewers.TellAllAsync(cancellation);
}
