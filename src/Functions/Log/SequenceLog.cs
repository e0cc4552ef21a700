using Microsoft.Azure.Functions.Worker;

namespace JitFunctions.Functions.Log;

/// <summary>Puts events into the log that a node stored right before it ended.</summary>
public sealed class SequenceLog(LogRuns runs)
{
    [Function(nameof(SequenceLog))]
    public Task Run([TimerTrigger("%ReconcilerSchedule%")] TimerInfo timer, CancellationToken cancellation) =>
        runs.TryAsync(cancellation);
}
