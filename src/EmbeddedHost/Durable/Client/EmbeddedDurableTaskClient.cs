using System.Diagnostics;
using DurableTask.Core.Exceptions;
using JitFunctions.EmbeddedHost.Durable.Dispatch;
using JitFunctions.EmbeddedHost.Durable.Storage;
using JitFunctions.EmbeddedHost.Functions;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace JitFunctions.EmbeddedHost.Durable.Client;

internal sealed class EmbeddedDurableTaskClient(
    ClientStore store, InstanceQueries queries, Purge purge, FunctionCatalog catalog, HostJson hostJson, DataConverter converter, WakeUp wake, TimeProvider time)
    : DurableTaskClient("embedded")
{
    private static readonly string[] Finished =
    [
        nameof(OrchestrationRuntimeStatus.Completed), nameof(OrchestrationRuntimeStatus.Failed), nameof(OrchestrationRuntimeStatus.Terminated),
    ];

    public override async Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName,
        object? input = null,
        StartOrchestrationOptions? options = null,
        CancellationToken cancellation = default)
    {
        if (!catalog.Orchestrators.TryGetValue(orchestratorName.Name ?? string.Empty, out var orchestrator))
            throw new ArgumentException($"There is no orchestrator '{orchestratorName}'.", nameof(orchestratorName));

        var version = options?.Version?.Version ?? hostJson.DefaultVersion;
        if (version is not "" && !Version.TryParse(version, out _))
            throw new ArgumentException($"The version '{version}' is none of numbers, such as '1.0'.", nameof(options));

        var id = options?.InstanceId ?? Guid.NewGuid().ToString("N");
        using var span = Tracing.Create(orchestrator.DurableName, id);
        var instance = new NewInstance(
            id,
            orchestrator.DurableName,
            version,
            converter.Serialize(input),
            options?.StartAt ?? time.GetUtcNow(),
            [.. Finished.Except(options?.DedupeStatuses ?? [], StringComparer.OrdinalIgnoreCase)],
            Activity.Current?.Id);
        try
        {
            await store.StartAsync(instance, wake.PeersMustHelp, cancellation);
        }
        catch (Exception refused) when (Refusals.IsExists(refused))
        {
            throw new OrchestrationAlreadyExistsException($"An orchestration instance with the ID {instance.Id} already exists.", refused);
        }

        wake.Signal();
        return instance.Id;
    }

    public override async Task RaiseEventAsync(
        string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        using var span = Tracing.Raise(eventName, instanceId);
        await store.RaiseAsync(instanceId, eventName, converter.Serialize(eventPayload), Activity.Current?.Id, wake.PeersMustHelp, cancellation);
        wake.Signal();
    }

    public override async Task TerminateInstanceAsync(
        string instanceId, TerminateInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        await store.TerminateAsync(instanceId, converter.Serialize(options?.Output), wake.PeersMustHelp, cancellation);
        wake.Signal();
    }

    public override Task<OrchestrationMetadata?> GetInstancesAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
        => queries.FindAsync(instanceId, getInputsAndOutputs, cancellation);

    public override Task<OrchestrationMetadata> WaitForInstanceStartAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
        => WaitAsync(instanceId, found => found.RuntimeStatus != OrchestrationRuntimeStatus.Pending, getInputsAndOutputs, cancellation);

    public override Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
        => WaitAsync(instanceId, found => found.IsCompleted, getInputsAndOutputs, cancellation);

    public override AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null)
        => new InstancePages(queries, filter ?? new OrchestrationQuery());

    public override async Task<PurgeResult> PurgeInstanceAsync(
        string instanceId, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
        => new(await purge.OneAsync(instanceId, cancellation), isComplete: true);

    public override async Task<PurgeResult> PurgeAllInstancesAsync(
        PurgeInstancesFilter filter, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
        => new(await purge.AllAsync(filter, cancellation), isComplete: true);

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<OrchestrationMetadata> WaitAsync(
        string id, Func<OrchestrationMetadata, bool> reached, bool withData, CancellationToken cancellation)
    {
        var pause = TimeSpan.FromMilliseconds(10);
        while (true)
        {
            if (await queries.FindAsync(id, withData, cancellation) is { } found && reached(found))
                return found;
            await Task.Delay(pause, time, cancellation);
            pause = TimeSpan.FromMilliseconds(Math.Min(250, pause.TotalMilliseconds * 2));
        }
    }
}
