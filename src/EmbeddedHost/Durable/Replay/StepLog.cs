using DurableTask.Core.Exceptions;

namespace JitFunctions.EmbeddedHost.Durable.Replay;

/// <summary>Holds what the orchestrator has asked for against what it asked for when it first ran.</summary>
internal sealed class StepLog(string orchestrator)
{
    private readonly Queue<Step> _asked = new();

    public void Ask(Step step) => _asked.Enqueue(step);

    /// <summary>The steps that the history does not know yet.</summary>
    public IReadOnlyList<Step> New => [.. _asked];

    /// <exception cref="NonDeterministicOrchestrationException">The replay took another step, or none.</exception>
    public void Confirm(Step recorded)
    {
        var step = _asked.TryDequeue(out var asked) ? asked : null;
        if (step is null || step.TaskId != recorded.TaskId || Describe(step) != Describe(recorded))
            throw Mismatch(recorded.TaskId, Describe(recorded), step is null ? "nothing" : Describe(step));
    }

    /// <exception cref="NonDeterministicOrchestrationException">The replay took a step that the history does not hold.</exception>
    public void ConfirmNoMore()
    {
        if (_asked.TryPeek(out var step))
            throw Mismatch(step.TaskId, "nothing", Describe(step));
    }

    public void ConfirmNotEnded(bool ended)
    {
        if (ended)
            throw Mismatch(null, "a wait", "the end of the orchestrator");
    }

    // The time of a timer may differ: it can come from a setting that has changed since.
    private static string Describe(Step step) => step switch
    {
        ActivityCalled call => $"a call of activity '{call.Name}'",
        TimerCreated => "a timer",
        TimerCancelled => "the cancellation of a timer",
        _ => step.GetType().Name,
    };

    private NonDeterministicOrchestrationException Mismatch(int? step, string expected, string came) => new(
        $"Orchestrator '{orchestrator}' is not deterministic: {(step is null ? "after the last step" : $"at step {step}")} its history "
        + $"holds {expected}, but on replay the code came with {came}. Either the code was changed while this instance was running, "
        + "or it depends on something other than its input and its context.");
}
