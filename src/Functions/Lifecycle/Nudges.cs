using Microsoft.DurableTask;

namespace JitFunctions.Functions.Lifecycle;

/// <summary>Waits for a nudge or a time, whichever comes first.</summary>
internal sealed class Nudges(TaskOrchestrationContext context)
{
    // One waiter at a time: an abandoned one would consume the next nudge.
    private Task<object?>? _next;

    /// <returns>True for a nudge, false when the time has come.</returns>
    public async Task<bool> NextOr(DateTimeOffset until)
    {
        _next ??= context.WaitForExternalEvent<object?>(AccessLifecycle.Nudge);

        // Some backends fire timers up to a second early.
        while (until.UtcDateTime > context.CurrentUtcDateTime)
        {
            using var abandoned = new CancellationTokenSource();
            var timer = context.CreateTimer(until.UtcDateTime, abandoned.Token);
            if (await Task.WhenAny(_next, timer) == _next)
            {
                abandoned.Cancel();
                _next = null;
                return true;
            }
        }

        return false;
    }
}
