using JitFunctions.EmbeddedHost.Durable;
using JitFunctions.EmbeddedHost.Durable.Dispatch;
using JitFunctions.EmbeddedHost.Durable.Storage;
using JitFunctions.EmbeddedHost.Functions;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace JitFunctions.EmbeddedHost.Timers;

/// <summary>One timer function during one node session.</summary>
internal sealed class TimerLoop(
    FunctionDescriptor function,
    TimerTriggerAttribute trigger,
    Schedule schedule,
    NodeSession session,
    FunctionInvoker invoker,
    TimerStore store,
    TimeProvider time,
    ILogger logger)
{
    /// <summary>
    /// Runs until the session ends. After a failed claim nobody knows whether this node owns the timer, so the exception must end
    /// the session: that frees it.
    /// </summary>
    public async Task RunAsync(bool isStartup)
    {
        try
        {
            if (isStartup && trigger.RunOnStartup)
                await RunOccurrenceAsync(time.GetUtcNow().UtcDateTime);
            while (!session.Ending.IsCancellationRequested)
            {
                var occurrence = schedule.After(time.GetUtcNow().UtcDateTime);
                await WaitUntilAsync(occurrence);
                await RunOccurrenceAsync(occurrence);
            }
        }
        catch (Exception) when (session.Ending.IsCancellationRequested)
        {
            // The end of the session frees what a cut claim may have taken.
        }
    }

    private async Task WaitUntilAsync(DateTime occurrence)
    {
        // Delays have an upper limit, and the clock may be set while they run: look again now and then.
        while (occurrence - time.GetUtcNow().UtcDateTime is { Ticks: > 0 } rest)
        {
            var delay = Math.Min(Math.Ceiling(rest.TotalMilliseconds), TimeSpan.MillisecondsPerMinute);
            await Task.Delay(TimeSpan.FromMilliseconds(delay), time, session.Ending);
        }
    }

    private async Task RunOccurrenceAsync(DateTime occurrence)
    {
        if (!await store.TryClaimAsync(session.NodeId, function.Name, occurrence, session.Ending))
            return;
        await InvokeAsync(occurrence);
        await Persistence.TryAsync(
            cancellation => store.ReleaseAsync(session.NodeId, function.Name, cancellation),
            session,
            $"the end of timer function {function.Name}",
            time,
            logger);
    }

    private async Task InvokeAsync(DateTime occurrence)
    {
        var status = new ScheduleStatus { Last = occurrence, LastUpdated = occurrence, Next = schedule.After(occurrence) };
        using var span = Tracing.Timer(function.Name);
        var info = new TimerInfo { ScheduleStatus = trigger.UseMonitor ? status : null };
        try
        {
            await invoker.InvokeAsync(function, new Trigger(info, new Dictionary<string, object?>()), null, session.Ending);
        }
        catch (OperationCanceledException) when (session.Ending.IsCancellationRequested)
        {
            logger.LogInformation("Timer function {Function} was stopped", function.Name);
        }
        catch (Exception exception)
        {
            span.Fail(exception.GetType().FullName!);
            logger.LogError(exception, "Timer function {Function} failed", function.Name);
        }
    }
}
