using Microsoft.DurableTask;

namespace JitFunctions.EmbeddedHost.Durable.Replay;

/// <summary>An orchestrator as the replay calls it: the function's body behind its <c>[OrchestrationTrigger]</c>.</summary>
internal delegate Task<object?> Orchestrator(TaskOrchestrationContext context);

/// <param name="Execution">Counts up whenever the instance starts afresh; what belongs to an earlier execution is void.</param>
internal sealed record Instance(string Id, string Name, string Version, int Execution, string? Input, string? CustomStatus);

/// <summary>What one turn decided.</summary>
/// <param name="Appended">New history: the turn's start, its messages and its steps.</param>
internal sealed record Turn(IReadOnlyList<HistoryEvent> Appended, string? CustomStatus, Outcome Outcome)
{
    public IEnumerable<ActivityCalled> Activities => Appended.OfType<ActivityCalled>();

    public IEnumerable<TimerCreated> Timers => Appended.OfType<TimerCreated>();

    public IEnumerable<TimerCancelled> CancelledTimers => Appended.OfType<TimerCancelled>();
}

internal abstract record Outcome
{
    private Outcome()
    {
    }

    public sealed record Waiting : Outcome;

    public sealed record Completed(string? Output) : Outcome;

    public sealed record Failed(TaskFailureDetails Failure) : Outcome;

    public sealed record Ended(string? Output) : Outcome;

    /// <param name="Events">External events that nobody has waited for, to be delivered again.</param>
    public sealed record ContinuedAsNew(string? Input, IReadOnlyList<EventRaised> Events) : Outcome;
}
