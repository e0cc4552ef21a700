using JitFunctions.Domain.Requests;
using JitFunctions.Functions.Notices;
using JitFunctions.Projections;
using Microsoft.Azure.Functions.Worker;

namespace JitFunctions.Functions.Lifecycle;

/// <summary>
/// The steps in the lifecycle of a request. Each may run again at any time, and returns the state of the request.
/// </summary>
public sealed class LifecycleActivities(
    SystemCommands commands,
    GrantActivation activation,
    GrantRenewal renewal,
    GrantRevocation revocation,
    SkippedApprovers approvers,
    TimeProvider clock
)
{
    [Function(nameof(ReadRequest))]
    public async Task<LifecycleState> ReadRequest([ActivityTrigger] string id, CancellationToken cancellation) =>
        LifecycleState.Of(await commands.ReadAsync(id, cancellation));

    [Function(nameof(LapseRequest))]
    public async Task<LifecycleState> LapseRequest([ActivityTrigger] string id, CancellationToken cancellation) =>
        LifecycleState.Of(
            await commands.HandleAsync(
                id,
                new AccessRequestCommand.Lapse(clock.GetUtcNow()),
                Channel.Orchestration,
                cancellation
            )
        );

    [Function(nameof(ActivateGrant))]
    public async Task<LifecycleState> ActivateGrant([ActivityTrigger] string id, CancellationToken cancellation) =>
        LifecycleState.Of(await activation.TryAsync(id, Channel.Orchestration, cancellation));

    [Function(nameof(NotifyApprovers))]
    public async Task<LifecycleState> NotifyApprovers([ActivityTrigger] string id, CancellationToken cancellation) =>
        LifecycleState.Of(await approvers.TryTellAsync(id, Channel.Orchestration, cancellation));

    [Function(nameof(RenewGrant))]
    public async Task<LifecycleState> RenewGrant([ActivityTrigger] string id, CancellationToken cancellation) =>
        LifecycleState.Of(await renewal.TryAsync(id, cancellation));

    [Function(nameof(ExpireGrant))]
    public async Task<LifecycleState> ExpireGrant([ActivityTrigger] string id, CancellationToken cancellation) =>
        LifecycleState.Of(
            await commands.HandleAsync(
                id,
                new AccessRequestCommand.Expire(clock.GetUtcNow()),
                Channel.Orchestration,
                cancellation
            )
        );

    [Function(nameof(RemoveGrant))]
    public async Task<LifecycleState> RemoveGrant([ActivityTrigger] string id, CancellationToken cancellation) =>
        LifecycleState.Of(await revocation.TryAsync(id, Channel.Orchestration, cancellation));
}
