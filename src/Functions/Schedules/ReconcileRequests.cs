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
    // Long enough for a nudge to be taken up by an engine that polls, and for a new instance to show what it can do.
    private static readonly TimeSpan ReplacedAfter = TimeSpan.FromMinutes(3);

    [Function(nameof(ReconcileRequests))]
    public async Task Run(
        [TimerTrigger("%ReconcilerSchedule%")] TimerInfo timer, [DurableClient] DurableTaskClient orchestrations, CancellationToken cancellation)
    {
        var report = await RunReport.StartAsync(store, nameof(ReconcileRequests), clock, log, cancellation);
        await using var session = store.QuerySession();
        var live = await session.FindLive(cancellation);
        seen.Backlog = Backlog.Of(live, clock.GetUtcNow());

        // Rights that outlive their end first: the rest can wait for them.
        foreach (var request in live.OrderByDescending(request => request.MayOutliveItsEnd(clock.GetUtcNow())))
        {
            try
            {
                await ReconcileAsync(request, orchestrations, report, cancellation);
            }
            catch (Exception e) when (!cancellation.IsCancellationRequested)
            {
                report.Add(FindingKind.NotReconciled, request.Id, $"{e.GetType().Name} while it was {request.Status}; see the log");
                log.LogError(e, "Request {Request} was not reconciled; the others are", request.Id);
            }
        }

        measurements.Found(report);
        await report.StoreAsync(cancellation);
    }

    private async Task ReconcileAsync(RequestDetails request, DurableTaskClient orchestrations, RunReport report, CancellationToken cancellation)
    {
        // First what must happen whatever state the orchestrations are in.
        if (request.MayOutliveItsEnd(clock.GetUtcNow()))
        {
            report.Add(FindingKind.Overdue, request.Id, $"{request.Status} past its time; ended by the reconciler");
            await EndAsync(request, cancellation);
        }

        var instance = await orchestrations.GetInstanceAsync(request.Id, cancellation);
        if (instance is null or { IsCompleted: true })
        {
            if (request.IsOlderThanGrace(clock.GetUtcNow()))
                await StartAsync(request, instance, orchestrations, report, cancellation);
        }
        else if (request.IsOverdue(clock.GetUtcNow()))
        {
            await HelpAsync(request, instance, orchestrations, report, cancellation);
        }
    }

    private Task StartAsync(
        RequestDetails request, OrchestrationMetadata? ended, DurableTaskClient orchestrations, RunReport report, CancellationToken cancellation)
    {
        var kind = ended is { RuntimeStatus: OrchestrationRuntimeStatus.Failed } ? FindingKind.OrchestrationFailed : FindingKind.OrchestrationMissing;
        report.Add(kind, request.Id, $"{request.Status} while its orchestration is {ended?.RuntimeStatus.ToString() ?? "not there"}; a new one was started");
        log.LogWarning("Request {Request} is {Status} without a running orchestration ({Instance}); starting one", request.Id, request.Status, ended?.RuntimeStatus);
        return orchestrations.StartLifecycleAsync(request.Id, log, cancellation);
    }

    private async Task HelpAsync(
        RequestDetails request, OrchestrationMetadata instance, DurableTaskClient orchestrations, RunReport report, CancellationToken cancellation)
    {
        var stuckFor = report.Add(FindingKind.OrchestrationStuck, request.Id, $"{request.Status} for too long while its orchestration is {instance.RuntimeStatus}");
        if (stuckFor >= ReplacedAfter && clock.GetUtcNow() - instance.CreatedAt >= ReplacedAfter)
        {
            // Nothing is lost with it: the request is all it knows. The next run starts a new one.
            log.LogError("The orchestration of {Request} has been stuck for {Time}; terminating it", request.Id, stuckFor);
            await orchestrations.TerminateInstanceAsync(request.Id, output: null, cancellation);
            return;
        }

        log.LogWarning("Request {Request} has been {Status} for too long; nudging its orchestration", request.Id, request.Status);
        await orchestrations.NudgeLifecycleAsync(request.Id, log, cancellation);
    }

    private async Task EndAsync(RequestDetails request, CancellationToken cancellation)
    {
        log.LogWarning("Request {Request} is {Status} past its time; ending it", request.Id, request.Status);
        if (request.Status is RequestStatus.Approved or RequestStatus.Activating)
            await activation.TryAsync(request.Id, Channel.Reconciler, cancellation); // which gives it up, so late
        await commands.HandleAsync(request.Id, new AccessRequestCommand.Expire(clock.GetUtcNow()), Channel.Reconciler, cancellation);
        await revocation.TryAsync(request.Id, Channel.Reconciler, cancellation);
    }
}
