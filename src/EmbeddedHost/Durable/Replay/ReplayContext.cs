using System.Security.Cryptography;
using System.Text;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;

namespace JitFunctions.EmbeddedHost.Durable.Replay;

/// <summary>The orchestrator's view of its instance: hands out tasks and completes them as messages are delivered.</summary>
internal sealed class ReplayContext(Instance instance, TurnPump pump, StepLog steps, DataConverter converter, ILoggerFactory loggers)
    : TaskOrchestrationContext
{
    private readonly Dictionary<int, TaskCompletionSource<string?>> _open = [];
    private readonly ExternalEvents _events = new(pump, converter);
    private DateTime _now;
    private bool _replaying = true;
    private int _taskIds;
    private int _guids;

    public override TaskName Name => instance.Name;

    public override string InstanceId => instance.Id;

    public override string Version => instance.Version;

    public override DateTime CurrentUtcDateTime => _now;

    public override bool IsReplaying => _replaying;

    public string? CustomStatus { get; private set; } = instance.CustomStatus;

    public (string? Input, bool KeepEvents)? NextExecution { get; private set; }

    public IReadOnlyList<EventRaised> UnprocessedEvents => _events.Unprocessed;

    public bool AwaitsSomething => _open.Count > 0 || _events.AnyWaits;

    protected override ILoggerFactory LoggerFactory => loggers;

    public void BeginTurn(DateTime now) => _now = now;

    public void EndReplay() => _replaying = false;

    public void Deliver(Message message)
    {
        switch (message)
        {
            case ActivityCompleted completed when _open.Remove(completed.TaskId, out var call):
                call.TrySetResult(completed.Result);
                break;
            case ActivityFailed failed when _open.Remove(failed.TaskId, out var call):
                call.TrySetException(new TaskFailedException((string)call.Task.AsyncState!, failed.TaskId, failed.Failure));
                break;
            case TimerFired fired when _open.Remove(fired.TaskId, out var timer):
                timer.TrySetResult(null);
                break;
            case EventRaised raised:
                _events.Raise(raised);
                break;
        }
    }

    public override T? GetInput<T>()
        where T : default
        => converter.Deserialize<T>(instance.Input);

    public override async Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null)
    {
        if (input is TaskOptions && options is null)
            throw new ArgumentException("The options were passed as the activity's input: name the argument, options: …", nameof(input));

        var json = converter.Serialize(input);
        var result = await ActivityRetry.RunAsync(this, options?.Retry, () => Attempt(name, json));
        return converter.Deserialize<TResult>(result)!;
    }

    public override Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken)
    {
        EnsureOnThread();
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled(cancellationToken);

        var utc = fireAt.Kind == DateTimeKind.Local ? fireAt.ToUniversalTime() : DateTime.SpecifyKind(fireAt, DateTimeKind.Utc);
        var (id, timer) = Open(null);
        steps.Ask(new TimerCreated(id, utc));
        cancellationToken.Register(() =>
        {
            if (!pump.IsOnThread || !_open.Remove(id))
                return;
            steps.Ask(new TimerCancelled(id));
            timer.TrySetCanceled(cancellationToken);
        });
        return timer.Task;
    }

    public override Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default)
    {
        EnsureOnThread();
        return _events.WaitFor<T>(eventName, cancellationToken);
    }

    public override void SetCustomStatus(object? customStatus)
    {
        EnsureOnThread();
        CustomStatus = converter.Serialize(customStatus);
    }

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true)
    {
        EnsureOnThread();
        NextExecution = (converter.Serialize(newInput), preserveUnprocessedEvents);
    }

    public override Guid NewGuid()
    {
        EnsureOnThread();
        Span<byte> bytes = SHA256.HashData(Encoding.UTF8.GetBytes($"{InstanceId}/{instance.Execution}/{_guids++}")).AsSpan(0, 16);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    private Task<string?> Attempt(TaskName name, string? input)
    {
        EnsureOnThread();
        var (id, call) = Open(name.Name);
        steps.Ask(new ActivityCalled(id, name.Name) { Input = input });
        return call.Task;
    }

    private (int Id, TaskCompletionSource<string?> Completion) Open(string? activity)
    {
        var completion = new TaskCompletionSource<string?>(activity);
        _open.Add(++_taskIds, completion);
        return (_taskIds, completion);
    }

    private void EnsureOnThread()
    {
        if (!pump.IsOnThread)
        {
            throw new InvalidOperationException(
                "The orchestration context was used off the orchestrator's thread. An orchestrator may await nothing but the tasks of its "
                + "context, and without ConfigureAwait(false) or Task.Run.");
        }
    }
}
