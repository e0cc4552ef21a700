using JitFunctions.Domain.Requests;
using JitFunctions.Functions.Grants;
using JitFunctions.Functions.Orchestrations;
using JitFunctions.Functions.Telemetry;
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
    IDocumentStore store, SystemCommands commands, GrantActivation activation, GrantRevocation revocation, Observations seen,
    Measurements measurements, TimeProvider clock, ILogger<ReconcileRequests> log)
{
    [Function(nameof(ReconcileRequests))]
    public async Task Run(
        [TimerTrigger("%Reconciler:Schedule%")] TimerInfo timer, [DurableClient] DurableTaskClient orchestrations, CancellationToken cancellation)
    {
        await using var session = store.QuerySession();
        var live = await session.FindLive(cancellation);
        seen.Backlog = Backlog.Of(live, clock.GetUtcNow());

        // Rights that outlive their end first: the rest can wait for them.
        foreach (var request in live.OrderByDescending(request => request.MayOutliveItsEnd(clock.GetUtcNow())))
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
        if (request.MayOutliveItsEnd(clock.GetUtcNow()))
            await EndAsync(request, cancellation);

        var instance = await orchestrations.GetInstanceAsync(request.Id, cancellation);
        if (instance is null or { IsCompleted: true } && request.IsOlderThanGrace(clock.GetUtcNow()))
        {
            measurements.Found(Finding.LostOrchestration, request.Terms.Scope.Cluster);
            log.LogWarning("Request {Request} is {Status} without a running orchestration; starting one", request.Id, request.Status);
            await orchestrations.StartLifecycleAsync(request.Id, log, cancellation);
        }
        else if (request.IsOverdue(clock.GetUtcNow()))
        {
            measurements.Found(Finding.MissedStep, request.Terms.Scope.Cluster);
            log.LogWarning("Request {Request} has been {Status} for too long; nudging its orchestration", request.Id, request.Status);
            await orchestrations.NudgeLifecycleAsync(request.Id, log, cancellation);
        }
    }

    private async Task EndAsync(RequestDetails request, CancellationToken cancellation)
    {
        measurements.Found(Finding.OverdueGrant, request.Terms.Scope.Cluster);
        log.LogWarning("Request {Request} is {Status} past its time; ending it", request.Id, request.Status);
        if (request.Status is RequestStatus.Approved or RequestStatus.Activating)
            await activation.TryAsync(request.Id, Channel.Reconciler, cancellation); // which gives it up, so late
        await commands.HandleAsync(request.Id, new AccessRequestCommand.Expire(clock.GetUtcNow()), Channel.Reconciler, cancellation);
        await revocation.TryAsync(request.Id, Channel.Reconciler, cancellation);
    }
}
