using JitFunctions.Functions.Lifecycle;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace JitFunctions.Functions.Tests.Lifecycle;

/// <summary>
/// Stands between the orchestrator and its engine, and makes of its steps those of another version of its code.
/// </summary>
internal sealed class ChangedContext(TaskOrchestrationContext engine) : TaskOrchestrationContext
{
    private DateTime _waitedUntil;

    /// <summary>The name under which an activity is called.</summary>
    public Func<string, string> Named { get; init; } = name => name;

    /// <summary>What is done before an activity is called.</summary>
    public Func<string, Task> Before { get; init; } = _ => Task.CompletedTask;

    /// <summary>How much later every timer is due; null for no timers at all.</summary>
    public TimeSpan? Later { get; init; } = TimeSpan.Zero;

    public override TaskName Name => engine.Name;

    public override string InstanceId => engine.InstanceId;

    public override string Version => engine.Version;

    public override ParentOrchestrationInstance? Parent => engine.Parent;

    public override DateTime CurrentUtcDateTime =>
        engine.CurrentUtcDateTime > _waitedUntil ? engine.CurrentUtcDateTime : _waitedUntil;

    public override bool IsReplaying => engine.IsReplaying;

    protected override ILoggerFactory LoggerFactory => NullLoggerFactory.Instance;

    public Task RunAsync() => AccessLifecycle.Run(this);

    public override async Task<TResult> CallActivityAsync<TResult>(
        TaskName name,
        object? input = null,
        TaskOptions? options = null
    )
    {
        await Before(name.Name);
        return await engine.CallActivityAsync<TResult>(new TaskName(Named(name.Name)), input, options);
    }

    public override Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken)
    {
        if (Later is { } later)
            return engine.CreateTimer(fireAt + later, cancellationToken);
        _waitedUntil = fireAt;
        return Task.CompletedTask;
    }

    public override Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default) =>
        engine.WaitForExternalEvent<T>(eventName, cancellationToken);

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true) =>
        engine.ContinueAsNew(newInput, preserveUnprocessedEvents);

    public override T? GetInput<T>()
        where T : default => engine.GetInput<T>();

    public override void SetCustomStatus(object? customStatus) => engine.SetCustomStatus(customStatus);

    public override void SendEvent(string instanceId, string eventName, object payload) =>
        engine.SendEvent(instanceId, eventName, payload);

    public override Task<TResult> CallSubOrchestratorAsync<TResult>(
        TaskName orchestratorName,
        object? input = null,
        TaskOptions? options = null
    ) => engine.CallSubOrchestratorAsync<TResult>(orchestratorName, input, options);

    public override Guid NewGuid() => engine.NewGuid();
}
