using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using JitFunctions.Domain.Scopes;
using JitFunctions.Functions.Lifecycle;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Protobuf;
using Microsoft.DurableTask.Worker;
using Microsoft.DurableTask.Worker.Grpc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using static Microsoft.DurableTask.Protobuf.OrchestratorAction.OrchestratorActionTypeOneofCase;
using FailureDetails = Microsoft.DurableTask.Protobuf.TaskFailureDetails;

namespace JitFunctions.Functions.Tests.Lifecycle;

/// <summary>
/// Plays one instance turn by turn on the engine of the Functions worker, which decides on either host, and keeps the
/// history as Durable Task's dispatcher does.
/// </summary>
internal sealed class PlayedLife(string version, Func<TaskOrchestrationContext, Task> orchestrator)
{
    private const string Id = "3f9k2m7xq0ab";

    // What the Durable extension gives the engine in a function app: its converter, its limits.
    private static readonly ServiceProvider Worker = CreateWorker();
    private static readonly DataConverter Json = Worker
        .GetRequiredService<IOptions<DurableTaskWorkerOptions>>()
        .Value.DataConverter;

    private readonly List<HistoryEvent> _history = [];
    private DateTime _now = new(2026, 3, 2, 12, 0, 0, DateTimeKind.Utc);

    public IReadOnlyList<HistoryEvent> History => _history;

    /// <summary>Null as long as the instance waits.</summary>
    public CompleteOrchestrationAction? End { get; private set; }

    public PlayedLife Start() =>
        Send(
            Message(
                new()
                {
                    ExecutionStarted = new()
                    {
                        Name = nameof(AccessLifecycle),
                        Version = version,
                        OrchestrationInstance = new() { InstanceId = Id, ExecutionId = "1" },
                    },
                }
            )
        );

    /// <summary>The activity that runs answers with this.</summary>
    public PlayedLife Answers(RequestStatus status, int minutes = 0, int failedAttempts = 0, bool owesNotice = false)
    {
        DateTimeOffset? deadline = minutes == 0 ? null : new DateTimeOffset(_now).AddMinutes(minutes);
        var answer = Json.Serialize(new LifecycleState(status, deadline, failedAttempts, owesNotice));
        return Send(
            Message(
                new()
                {
                    TaskCompleted = new() { TaskScheduledId = Running(), Result = answer },
                }
            )
        );
    }

    public PlayedLife Fails() =>
        Send(
            Message(
                new()
                {
                    TaskFailed = new()
                    {
                        TaskScheduledId = Running(),
                        FailureDetails = new() { ErrorType = "Npgsql.NpgsqlException", ErrorMessage = "away" },
                    },
                }
            )
        );

    public PlayedLife Nudged()
    {
        _now = _now.AddSeconds(30);
        return Send(Message(new() { EventRaised = new() { Name = AccessLifecycle.Nudge } }));
    }

    public PlayedLife TimePasses() => Fire(Timers().Last());

    /// <summary>The history does not say that a timer was cancelled, and it fires all the same.</summary>
    public PlayedLife AbandonedTimerComesDue() => Fire(Timers().First());

    /// <summary>Replays a recorded history, which need not be complete, and goes on from there.</summary>
    /// <param name="recorded">Whole turns.</param>
    /// <returns>Why the instance failed; null when it did not.</returns>
    public static FailureDetails? Replay(
        string version,
        IEnumerable<HistoryEvent> recorded,
        Func<TaskOrchestrationContext, Task> orchestrator
    )
    {
        // A nudge more can come at any time, and none may be fatal.
        var life = new PlayedLife(version, orchestrator);
        life._history.AddRange(recorded);
        return life.Nudged().End is { OrchestrationStatus: OrchestrationStatus.Failed } end ? end.FailureDetails : null;
    }

    private static ServiceProvider CreateWorker()
    {
        var services = new ServiceCollection();
        services.AddLogging().AddFunctionsWorkerDefaults().ConfigureDurableExtension();
        return services.BuildServiceProvider();
    }

    private int Running()
    {
        var over = _history
            .Select(happened => happened.TaskCompleted?.TaskScheduledId ?? happened.TaskFailed?.TaskScheduledId)
            .ToHashSet();
        return _history
            .Single(happened => happened.TaskScheduled is not null && !over.Contains(happened.EventId))
            .EventId;
    }

    private IEnumerable<HistoryEvent> Timers()
    {
        var fired = _history.Select(happened => happened.TimerFired?.TimerId).ToHashSet();
        return _history.Where(happened => happened.TimerCreated is not null && !fired.Contains(happened.EventId));
    }

    private PlayedLife Fire(HistoryEvent timer)
    {
        var due = timer.TimerCreated.FireAt;
        _now = due.ToDateTime() > _now ? due.ToDateTime() : _now;
        return Send(
            Message(
                new()
                {
                    TimerFired = new() { TimerId = timer.EventId, FireAt = due },
                }
            )
        );
    }

    private PlayedLife Send(HistoryEvent message)
    {
        HistoryEvent[] begun = [Message(new() { OrchestratorStarted = new() }), message];
        var request = new OrchestratorRequest
        {
            InstanceId = Id,
            PastEvents = { _history },
            NewEvents = { begun },
        };
        var answer = GrpcOrchestrationRunner.LoadAndRun<object, object>(
            Convert.ToBase64String(request.ToByteArray()),
            RunAsync,
            Worker
        );
        var actions = OrchestratorResponse.Parser.ParseFrom(Convert.FromBase64String(answer)).Actions;

        End = actions
            .SingleOrDefault(action => action.OrchestratorActionTypeCase is CompleteOrchestration)
            ?.CompleteOrchestration;
        var steps = actions
            .Where(action => action.OrchestratorActionTypeCase is not CompleteOrchestration)
            .Select(Step);
        _history.AddRange([.. begun, .. steps, Message(new() { OrchestratorCompleted = new() })]);
        return this;
    }

    private async Task<object?> RunAsync(TaskOrchestrationContext context, object? input)
    {
        await orchestrator(context);
        return null;
    }

    private HistoryEvent Step(OrchestratorAction action) =>
        At(
            action.OrchestratorActionTypeCase switch
            {
                ScheduleTask => new()
                {
                    TaskScheduled = new()
                    {
                        Name = action.ScheduleTask.Name,
                        Version = action.ScheduleTask.Version,
                        Input = action.ScheduleTask.Input,
                    },
                },
                CreateTimer => new() { TimerCreated = new() { FireAt = action.CreateTimer.FireAt } },
                var other => throw new NotSupportedException($"No recorded life has {other}."),
            },
            action.Id
        );

    private HistoryEvent Message(HistoryEvent happened) => At(happened, -1);

    private HistoryEvent At(HistoryEvent happened, int id)
    {
        (happened.EventId, happened.Timestamp) = (id, Timestamp.FromDateTime(_now));
        return happened;
    }
}
