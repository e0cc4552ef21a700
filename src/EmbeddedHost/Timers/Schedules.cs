using JitFunctions.EmbeddedHost.Durable.Dispatch;
using JitFunctions.EmbeddedHost.Durable.Storage;
using JitFunctions.EmbeddedHost.Functions;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace JitFunctions.EmbeddedHost.Timers;

/// <summary>Runs the timer functions. PostgreSQL decides which node runs an occurrence; one that no node saw is gone.</summary>
internal sealed class Schedules(
    FunctionCatalog catalog,
    FunctionInvoker invoker,
    TimerStore store,
    IConfiguration configuration,
    TimeProvider time,
    ILogger<Schedules> logger)
{
    private readonly (FunctionDescriptor Function, TimerTriggerAttribute Trigger, Schedule Schedule)[] _timers =
        [.. catalog.With<TimerTriggerAttribute>().Select(timer =>
            (timer.Function, timer.Trigger, Schedule.Parse(timer.Function.Name, timer.Trigger.Schedule, configuration)))];

    private int _sessions;

    /// <returns>One task for each timer function, until the session ends; a failed one must end it.</returns>
    public IEnumerable<Task> Run(NodeSession session)
    {
        var isStartup = Interlocked.Increment(ref _sessions) == 1;
        return _timers.Select(timer => new TimerLoop(
            timer.Function, timer.Trigger, timer.Schedule, session, invoker, store, time, logger).RunAsync(isStartup));
    }
}
