using JitFunctions.Domain.Requests;
using JitFunctions.Functions.Grants;
using JitFunctions.Functions.Orchestrations;
using JitFunctions.Projections;
using Marten;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace JitFunctions.Functions.Schedules;

/// <summary>
/// Closes the gap between the event store and the orchestrations: starts what was not started, repeats lost nudges, and ends
/// overdue grants itself. This, not the orchestration, is the guarantee that a grant ends.
/// </summary>
public sealed class ReconcileRequests(
    IDocumentStore store, SystemCommands commands, GrantRevocation revocation, TimeProvider clock, ILogger<ReconcileRequests> log)
{
    /// <summary>How long the orchestration has for a step before it is helped along.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    [Function(nameof(ReconcileRequests))]
    public async Task Run(
        [TimerTrigger("%Reconciler:Schedule%")] TimerInfo timer, [DurableClient] DurableTaskClient orchestrations, CancellationToken cancellation)
    {
        await using var session = store.QuerySession();
        foreach (var request in await session.FindLive(cancellation))
        {
            try
            {
                await ReconcileAsync(request, orchestrations, cancellation);
            }
            catch (Exception e) when (!cancellation.IsCancellationRequested)
            {
                log.LogError(e, "Request {Request} was not reconciled; the others are", request.Id);
            }
        }
    }

    private async Task ReconcileAsync(RequestDetails request, DurableTaskClient orchestrations, CancellationToken cancellation)
    {
        // First what must happen whatever state the orchestrations are in.
        if (IsPastExpiry(request))
            await EndAsync(request, cancellation);

        var instance = await orchestrations.GetInstanceAsync(request.Id, cancellation);
        if (instance is null || instance.IsCompleted)
        {
            log.LogWarning("Request {Request} is {Status} without a running orchestration; starting one", request.Id, request.Status);
            await orchestrations.StartLifecycleAsync(request.Id, log, cancellation);
        }
        else if (IsOverdue(request))
        {
            log.LogWarning("Request {Request} has been {Status} for too long; nudging its orchestration", request.Id, request.Status);
            await orchestrations.NudgeLifecycleAsync(request.Id, log, cancellation);
        }
    }

    private async Task EndAsync(RequestDetails request, CancellationToken cancellation)
    {
        log.LogWarning("Grant {Request} is past its expiry at {ExpiresAt}; ending it", request.Id, request.ExpiresAt);
        await commands.HandleAsync(request.Id, new AccessRequestCommand.Expire(clock.GetUtcNow()), Channel.Reconciler, cancellation);
        await revocation.TryAsync(request.Id, Channel.Reconciler, cancellation);
    }

    private bool IsPastExpiry(RequestDetails request) => request.Status switch
    {
        RequestStatus.Active => HasPassed(request.ExpiresAt),
        RequestStatus.Ending => request.Trouble is null && HasPassed(request.Ending?.At),
        _ => false,
    };

    // While there is trouble the orchestration is at it, and waits its own time between tries.
    private bool IsOverdue(RequestDetails request) => request.Trouble is null && request.Status switch
    {
        RequestStatus.Pending => HasPassed(request.DecideBy),
        RequestStatus.Approved or RequestStatus.Activating => HasPassed(request.ApprovedAt),
        RequestStatus.Active => HasPassed(request.ExpiresAt),
        RequestStatus.Ending => HasPassed(request.Ending?.At),
        _ => false,
    };

    private bool HasPassed(DateTimeOffset? deadline) => deadline is { } at && clock.GetUtcNow() > at + Grace;
}
