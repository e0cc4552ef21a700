using System.Text.Json;
using JitFunctions.Domain.Requests;
using JitFunctions.EmbeddedHost.Durable.Client;
using JitFunctions.EmbeddedHost.Durable.Replay;
using JitFunctions.Functions.Orchestrations;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace JitFunctions.Functions.Tests.Orchestrations;

/// <summary>Plays one instance on the engine's own core, turn by turn, and keeps the history as the engine stores it.</summary>
internal sealed class PlayedLife(string version, Orchestrator orchestrator)
{
    private const string Id = "3f9k2m7xq0ab";

    // As both hosts read and write what activities answer.
    private static readonly JsonDataConverter Json = new(Options.Create(new JsonSerializerOptions { PropertyNameCaseInsensitive = true }));

    private readonly Replayer _replayer = new(Json, NullLoggerFactory.Instance);
    private readonly Instance _instance = new(Id, nameof(AccessLifecycle), version, 1, null, null);
    private readonly List<HistoryEvent> _history = [];
    private DateTime _now = new(2026, 3, 2, 12, 0, 0, DateTimeKind.Utc);

    public Outcome Outcome { get; private set; } = new Outcome.Waiting();

    public IEnumerable<string> History => _history.Select(HistoryJson.Write);

    public static Task<object?> TodaysCode(TaskOrchestrationContext context) => Run(AccessLifecycle.Run(context));

    public static async Task<object?> Run(Task run)
    {
        await run;
        return null;
    }

    public PlayedLife Start() => Send(new Started());

    /// <summary>The activity that runs answers with this.</summary>
    public PlayedLife Answers(RequestStatus status, int minutes = 0, int failedAttempts = 0, bool owesNotice = false)
    {
        DateTimeOffset? deadline = minutes == 0 ? null : new DateTimeOffset(_now).AddMinutes(minutes);
        return Send(new ActivityCompleted(Running(), Json.Serialize(new LifecycleState(status, deadline, failedAttempts, owesNotice))));
    }

    public PlayedLife Fails() => Send(new ActivityFailed(Running(), new("Npgsql.NpgsqlException", "away", null, null, null)));

    public PlayedLife Nudged()
    {
        _now = _now.AddSeconds(30);
        return Send(new EventRaised(AccessLifecycle.Nudge, null, _now));
    }

    public PlayedLife TimePasses()
    {
        var over = _history.OfType<TimerFired>().Select(fired => fired.TaskId).Concat(_history.OfType<TimerCancelled>().Select(gone => gone.TaskId)).ToHashSet();
        var timer = _history.OfType<TimerCreated>().Single(timer => !over.Contains(timer.TaskId));
        _now = timer.FireAt > _now ? timer.FireAt : _now;
        return Send(new TimerFired(timer.TaskId, timer.FireAt));
    }

    /// <summary>Replays a recorded history, which need not be complete, and says what the code makes of it.</summary>
    /// <param name="recorded">Whole turns.</param>
    public static Outcome Replay(string version, IEnumerable<HistoryEvent> recorded, Orchestrator orchestrator)
    {
        // A nudge more can come at any time, and none may be fatal.
        var life = new PlayedLife(version, orchestrator);
        life._history.AddRange(recorded);
        return life.Nudged().Outcome;
    }

    private int Running()
    {
        var over = _history.OfType<ActivityCompleted>().Select(done => done.TaskId).Concat(_history.OfType<ActivityFailed>().Select(failed => failed.TaskId)).ToHashSet();
        return _history.OfType<ActivityCalled>().Single(call => !over.Contains(call.TaskId)).TaskId;
    }

    private PlayedLife Send(Message message)
    {
        var turn = _replayer.Run(_instance, orchestrator, _history, [message], _now);
        _history.AddRange(turn.Appended);
        Outcome = turn.Outcome;
        return this;
    }
}
