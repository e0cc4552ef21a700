using JitFunctions.Functions.Monitoring;
using JitFunctions.Projections;
using JitFunctions.Projections.Log;
using Marten;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace JitFunctions.Functions.Log;

/// <summary>
/// Runs the sequencer, and keeps in memory how it went, for health checks and metrics. Nothing else depends on it: if
/// it fails, requests and grants go on.
/// </summary>
public sealed class LogRuns(
    IDocumentStore store,
    NpgsqlDataSource database,
    LogKeys keys,
    NodeHealth seen,
    TimeProvider clock,
    ILogger<LogRuns> log
)
{
    private string? _lastFailure;

    /// <returns>Whether something is left to do soon. False also after a failure.</returns>
    public async Task<bool> TryAsync(CancellationToken cancellation)
    {
        try
        {
            var signing = await keys.OpenAsync(cancellation);
            var run = await new LogSequencer(store, database, signing, new HeldModel(), clock).RunAsync(cancellation);
            seen.LogRan(run.IsElsewhere ? null : true, run.Status.WaitingSince);
            _lastFailure = null;
            return run.IsElsewhere || run.Status.WaitingSince is not null;
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            seen.LogRan(false, waitingSince: null);
            // The same failure may come every second.
            if (_lastFailure != e.Message)
                log.LogError(e, "The transparency log does not go on");
            _lastFailure = e.Message;
            return false;
        }
    }
}
