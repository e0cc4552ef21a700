using JitFunctions.Functions.Lifecycle;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace JitFunctions.Functions.Tests.Lifecycle;

/// <summary>
/// Runs one orchestration on a clock of its own: activities answer from a script, timers fire when nothing else can
/// happen.
/// </summary>
internal sealed class ScriptedContext(DateTimeOffset start, Func<string, DateTimeOffset, LifecycleState> activity)
    : TaskOrchestrationContext
{
    private readonly List<(DateTime At, TaskCompletionSource Source)> _timers = [];
    private readonly Queue<TaskCompletionSource<object?>> _waiters = [];
    private readonly SortedSet<DateTime> _nudges = [];
    private int _bufferedNudges;
    private DateTime _now = start.UtcDateTime;

    public List<(string Activity, DateTimeOffset At)> Calls { get; } = [];

    public bool ContinuedAsNew { get; private set; }

    /// <summary>How much too early every timer fires.</summary>
    public TimeSpan Early { get; init; }

    public override TaskName Name => new(nameof(AccessLifecycle));

    public override string InstanceId => "3f9k2m7xq0ab";

    public override ParentOrchestrationInstance? Parent => null;

    public override DateTime CurrentUtcDateTime => _now;

    public override bool IsReplaying => false;

    protected override ILoggerFactory LoggerFactory => NullLoggerFactory.Instance;

    public ScriptedContext NudgedAt(DateTimeOffset at)
    {
        _nudges.Add(at.UtcDateTime);
        return this;
    }

    public async Task RunAsync()
    {
        var run = AccessLifecycle.Run(this);
        while (!run.IsCompleted)
            Advance();
        await run;
        Assert.DoesNotContain(_timers, timer => !timer.Source.Task.IsCompleted);
    }

    public override Task<TResult> CallActivityAsync<TResult>(
        TaskName name,
        object? input = null,
        TaskOptions? options = null
    )
    {
        Assert.Equal(InstanceId, input);
        Calls.Add((name.Name, new DateTimeOffset(_now)));
        return Task.FromResult((TResult)(object)activity(name.Name, new DateTimeOffset(_now)));
    }

    public override Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken)
    {
        var source = new TaskCompletionSource();
        cancellationToken.Register(() => source.TrySetCanceled(cancellationToken));
        _timers.Add((fireAt - Early, source));
        return source.Task;
    }

    public override Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default)
    {
        Assert.Equal(AccessLifecycle.Nudge, eventName);
        var source = new TaskCompletionSource<object?>();
        if (_bufferedNudges > 0 && _bufferedNudges-- > 0)
            source.SetResult(null);
        else
            _waiters.Enqueue(source);
        return (Task<T>)(object)source.Task;
    }

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true) =>
        ContinuedAsNew = true;

    public override T? GetInput<T>()
        where T : default => default;

    public override void SetCustomStatus(object? customStatus) => throw new NotSupportedException();

    public override void SendEvent(string instanceId, string eventName, object payload) =>
        throw new NotSupportedException();

    public override Task<TResult> CallSubOrchestratorAsync<TResult>(
        TaskName orchestratorName,
        object? input = null,
        TaskOptions? options = null
    ) => throw new NotSupportedException();

    public override Guid NewGuid() => throw new NotSupportedException();

    private void Advance()
    {
        var timer = _timers.Where(x => !x.Source.Task.IsCompleted).OrderBy(x => x.At).FirstOrDefault();
        if (_nudges.Count > 0 && (timer.Source is null || _nudges.Min <= timer.At))
        {
            Pass(_nudges.Min);
            _nudges.Remove(_nudges.Min);
            if (_waiters.TryDequeue(out var waiter))
                waiter.SetResult(null);
            else
                _bufferedNudges++;
            return;
        }

        Assert.True(timer.Source is not null, "The orchestration waits for nothing that could happen.");
        Pass(timer.At);
        timer.Source.SetResult();
    }

    // A timer that fires early still moves the clock a little each time.
    private void Pass(DateTime to) => _now = to > _now ? to : _now.AddMilliseconds(250);
}
