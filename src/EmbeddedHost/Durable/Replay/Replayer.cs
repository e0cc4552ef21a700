using DurableTask.Core.Exceptions;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;

namespace JitFunctions.EmbeddedHost.Durable.Replay;

/// <summary>
/// The engine's core: history and new messages in, decisions out. It does no I/O, reads no clock and keeps nothing between turns.
/// </summary>
internal sealed class Replayer(DataConverter converter, ILoggerFactory loggers)
{
    /// <param name="messages">At least one, in the order in which they are to be seen; a start comes first.</param>
    /// <param name="now">The turn sees this time, or a later one where history or a timer that fired demands it.</param>
    public Turn Run(
        Instance instance, Orchestrator orchestrator, IReadOnlyList<HistoryEvent> history, IReadOnlyList<Message> messages, DateTime now)
    {
        var at = TurnTime(history, messages, now);
        List<HistoryEvent> appended = [new TurnStarted(at), .. messages];
        if (messages.OfType<Terminated>().FirstOrDefault() is { } terminated)
            return new Turn(appended, instance.CustomStatus, new Outcome.Ended(terminated.Output));

        var steps = new StepLog(instance.Name);
        var execution = new Execution(instance, orchestrator, steps, converter, loggers);
        try
        {
            execution.Replay(history);
        }
        catch (NonDeterministicOrchestrationException mismatch)
        {
            return new Turn(appended, instance.CustomStatus, new Outcome.Failed(TaskFailureDetails.FromException(mismatch)));
        }

        execution.Continue(messages, at);
        return new Turn([.. appended, .. steps.New], execution.CustomStatus, execution.Outcome);
    }

    // Nodes' clocks differ. Time must not run backwards within an instance, and a timer must not be seen before it is due.
    private static DateTime TurnTime(IReadOnlyList<HistoryEvent> history, IReadOnlyList<Message> messages, DateTime now)
    {
        var latest = history.OfType<TurnStarted>().LastOrDefault()?.At ?? DateTime.MinValue;
        var due = messages.OfType<TimerFired>().Select(fired => fired.DueAt).DefaultIfEmpty(DateTime.MinValue).Max();
        return new DateTime(Math.Max(now.Ticks, Math.Max(latest.Ticks, due.Ticks)), DateTimeKind.Utc);
    }
}
