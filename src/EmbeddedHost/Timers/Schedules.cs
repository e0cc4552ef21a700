using JitFunctions.EmbeddedHost.Nodes;
using JitFunctions.EmbeddedHost.Storage;
using JitFunctions.EmbeddedHost.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace JitFunctions.EmbeddedHost.Timers;

/// <summary>
/// Runs the timer functions. PostgreSQL decides which node runs an occurrence. An occurrence during which no node was
/// running is skipped.
/// </summary>
internal sealed class Schedules(
    FunctionWorker worker,
    HostEndpoint endpoint,
    TimerStore store,
    IConfiguration configuration,
    TimeProvider time,
    ILogger<Schedules> logger
) : INodeTask, IHostedService
{
    private (Function Function, Schedule Schedule)[] _timers = [];
    private int _sessions;

    /// <summary>Parses the schedules.</summary>
    /// <exception cref="InvalidOperationException">A schedule is invalid.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var functions = await worker.Loaded.WaitAsync(cancellationToken);
        _timers =
        [
            .. functions
                .With("timerTrigger")
                .Select(timer => (timer, Schedule.Parse(timer.Name, timer["schedule"]!, configuration))),
        ];
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <returns>One task for each timer function.</returns>
    public IEnumerable<Task> Run(NodeSession session)
    {
        var isStartup = Interlocked.Increment(ref _sessions) == 1;
        return _timers.Select(timer =>
            new TimerLoop(timer.Function, timer.Schedule, session, worker, endpoint, store, time, logger).RunAsync(
                isStartup
            )
        );
    }
}
