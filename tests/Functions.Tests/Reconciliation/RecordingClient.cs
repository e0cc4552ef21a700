using System.Collections.Concurrent;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace JitFunctions.Functions.Tests.Reconciliation;

/// <summary>An engine that does nothing but remember what it was told.</summary>
internal sealed class RecordingClient() : DurableTaskClient("recording")
{
    private readonly ConcurrentDictionary<string, OrchestrationMetadata> _instances = [];
    private readonly HashSet<string> _broken = [];
    private readonly ConcurrentQueue<(string Id, string Access)> _deeds = [];
    private int _lookups;

    public void Holds(string id, OrchestrationRuntimeStatus status, DateTimeOffset createdAt) =>
        _instances[id] = new("AccessLifecycle", id) { RuntimeStatus = status, CreatedAt = createdAt };

    public void Breaks(string id) => _broken.Add(id);

    public IEnumerable<string> Did(string id) =>
        _deeds.Where(access => access.Id == id).Select(access => access.Access);

    /// <summary>How many instances were asked for.</summary>
    public int Lookups => Volatile.Read(ref _lookups);

    /// <summary>Called with each lookup, before it is answered.</summary>
    public Action? OnLookup { get; set; }

    public PurgeInstancesFilter? Purged { get; private set; }

    public override Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName,
        object? input = null,
        StartOrchestrationOptions? options = null,
        CancellationToken cancellation = default
    )
    {
        _deeds.Enqueue((options!.InstanceId!, "start"));
        return Task.FromResult(options.InstanceId!);
    }

    public override Task RaiseEventAsync(
        string instanceId,
        string eventName,
        object? eventPayload = null,
        CancellationToken cancellation = default
    )
    {
        _deeds.Enqueue((instanceId, eventName));
        return Task.CompletedTask;
    }

    public override Task TerminateInstanceAsync(
        string instanceId,
        TerminateInstanceOptions? options = null,
        CancellationToken cancellation = default
    )
    {
        _deeds.Enqueue((instanceId, "terminate"));
        Holds(instanceId, OrchestrationRuntimeStatus.Terminated, _instances[instanceId].CreatedAt);
        return Task.CompletedTask;
    }

    public override Task<OrchestrationMetadata?> GetInstancesAsync(
        string instanceId,
        bool getInputsAndOutputs = false,
        CancellationToken cancellation = default
    )
    {
        OnLookup?.Invoke();
        Interlocked.Increment(ref _lookups);
        return _broken.Contains(instanceId)
            ? throw new TimeoutException()
            : Task.FromResult(_instances.GetValueOrDefault(instanceId));
    }

    public override Task<PurgeResult> PurgeAllInstancesAsync(
        PurgeInstancesFilter filter,
        PurgeInstanceOptions? options = null,
        CancellationToken cancellation = default
    )
    {
        Purged = filter;
        return Task.FromResult(new PurgeResult(0));
    }

    public override Task SuspendInstanceAsync(
        string instanceId,
        string? reason = null,
        CancellationToken cancellation = default
    ) => throw new NotSupportedException();

    public override Task ResumeInstanceAsync(
        string instanceId,
        string? reason = null,
        CancellationToken cancellation = default
    ) => throw new NotSupportedException();

    public override Task<OrchestrationMetadata> WaitForInstanceStartAsync(
        string instanceId,
        bool getInputsAndOutputs = false,
        CancellationToken cancellation = default
    ) => throw new NotSupportedException();

    public override Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(
        string instanceId,
        bool getInputsAndOutputs = false,
        CancellationToken cancellation = default
    ) => throw new NotSupportedException();

    public override AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null) =>
        throw new NotSupportedException();

    public override Task<PurgeResult> PurgeInstanceAsync(
        string instanceId,
        PurgeInstanceOptions? options = null,
        CancellationToken cancellation = default
    ) => throw new NotSupportedException();

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
