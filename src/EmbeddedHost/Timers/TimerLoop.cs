using System.Text.Json;
using JitFunctions.EmbeddedHost.Nodes;
using JitFunctions.EmbeddedHost.Protocol;
using JitFunctions.EmbeddedHost.Storage;
using JitFunctions.EmbeddedHost.Worker;
using Microsoft.Extensions.Logging;

namespace JitFunctions.EmbeddedHost.Timers;

/// <summary>One timer function during one node session.</summary>
internal sealed class TimerLoop(
    Function function,
    Schedule schedule,
    NodeSession session,
    FunctionWorker worker,
    HostEndpoint endpoint,
    TimerStore store,
    TimeProvider time,
    ILogger logger
)
{
    /// <summary>
    /// Runs until the session ends. After a failed claim it is unknown whether this node owns the timer, so the
    /// exception must end the session, which frees the timer.
    /// </summary>
    public async Task RunAsync(bool isStartup)
    {
        try
        {
            if (isStartup && Is("runOnStartup", unsaid: false))
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
            // The end of the session frees what a cancelled claim may have claimed.
        }
    }

    private async Task WaitUntilAsync(DateTime occurrence)
    {
        // Delays have an upper limit, and the clock may be changed during a delay. So the time is checked again at
        // intervals.
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
            async cancellation =>
            {
                await store.ReleaseAsync(session.NodeId, function.Name, cancellation);
                return true;
            },
            session,
            $"the end of timer function {function.Name}",
            time,
            logger
        );
    }

    private async Task InvokeAsync(DateTime occurrence)
    {
        var info = JsonSerializer.Serialize(
            new
            {
                // Without the schedule monitor, a Functions host has no status either.
                ScheduleStatus = Is("useMonitor", unsaid: true)
                    ? new
                    {
                        Last = occurrence,
                        LastUpdated = occurrence,
                        Next = schedule.After(occurrence),
                    }
                    : null,
                IsPastDue = false,
            }
        );
        try
        {
            var response = await worker.InvokeAsync(
                function.Request(new TypedData { Json = info }, endpoint.DurableClient),
                session.Ending
            );
            if (response.Succeeded())
                return;
            if (session.Ending.IsCancellationRequested)
                logger.LogInformation("Timer function {Function} was stopped", function.Name);
            else
                logger.LogError(
                    "Timer function {Function} failed: {Error}",
                    function.Name,
                    response.Result.Exception?.Message
                );
        }
        catch (IOException gone)
        {
            logger.LogWarning(gone, "Timer function {Function} was not run to its end", function.Name);
        }
    }

    private bool Is(string property, bool unsaid) =>
        function.Trigger.TryGetProperty(property, out var said) ? said.ValueKind == JsonValueKind.True : unsaid;
}
