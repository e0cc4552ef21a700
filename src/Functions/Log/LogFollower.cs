using Microsoft.Extensions.Hosting;

namespace JitFunctions.Functions.Log;

/// <summary>Puts events into the log soon after this node has stored them, at most once a second.</summary>
internal sealed class LogFollower(LogSignal signal, LogRuns runs, TimeProvider clock) : BackgroundService
{
    /// <summary>More events come into the log with one signature meanwhile.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await signal.WaitAsync(stoppingToken);
            await Task.Delay(Pause, clock, stoppingToken);
            if (await runs.TryAsync(stoppingToken))
                signal.Set();
        }
    }
}
