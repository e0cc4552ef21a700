using JitFunctions.EmbeddedHost.Settings;
using JitFunctions.EmbeddedHost.Storage;
using JitFunctions.EmbeddedHost.Worker;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JitFunctions.EmbeddedHost.Nodes;

/// <summary>
/// This process as one of the nodes that share the work. It joins, works until it is stopped or loses its lease, and
/// joins again. It retries for as long as PostgreSQL is unavailable.
/// </summary>
internal sealed class Node(
    FunctionWorker worker,
    TaskHubDatabase database,
    Schema schema,
    IEnumerable<INodeTask> tasks,
    WakeUp wake,
    IOptions<EmbeddedHostOptions> options,
    TimeProvider time,
    ILogger<Node> logger
) : BackgroundService
{
    private static readonly TimeSpan RejoinPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan StartTimeLimit = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Waits for the functions and, unless PostgreSQL is unavailable, ensures that the tables exist before the first
    /// HTTP request.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// The functions, the settings or the tables are invalid. A node without them could not do any work.
    /// </exception>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        var functions = await worker.Loaded.WaitAsync(cancellationToken);
        if (functions.NeedsDatabase)
        {
            database.Configure();
            try
            {
                await schema.EnsureAsync(cancellationToken).WaitAsync(StartTimeLimit, time, cancellationToken);
            }
            catch (Exception exception)
                when (exception is not InvalidOperationException && !cancellationToken.IsCancellationRequested)
            {
                logger.LogDebug(exception, "Starting without PostgreSQL");
            }
        }

        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!worker.Functions.NeedsDatabase)
            return;
        var away = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await schema.EnsureAsync(stoppingToken);
                await using var lease = await NodeLease.AcquireAsync(database, options.Value.NodeLease, stoppingToken);
                logger.LogInformation("Joined as node {Node}", lease.NodeId);
                away = false;
                await WorkAsync(lease, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                if (!away)
                    logger.LogWarning(exception, "Not a node at the moment; trying to join until it works");
                away = true;
            }

            if (!stoppingToken.IsCancellationRequested)
                await Task.Delay(RejoinPause, time, stoppingToken).ContinueWith(static _ => { }, TaskScheduler.Default);
        }
    }

    /// <summary>
    /// Returns when the host stops and the current work is done. Throws when the node has lost its lease.
    /// </summary>
    private async Task WorkAsync(NodeLease lease, CancellationToken stopping)
    {
        using var lost = new CancellationTokenSource();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(lost.Token, stopping);
        using var drained = new CancellationTokenSource();
        var keeping = lease.KeepAsync(wake.Signal, time, drained.Token);
        var session = new NodeSession(lease.NodeId, () => _ = lost.CancelAsync(), lost.Token, ending.Token);
        var work = tasks.SelectMany(task => task.Run(session)).ToList();
        try
        {
            // The lease is kept after the stop signal, so that the results of current work can still be stored.
            while (work.Count > 0)
            {
                var ended = await Task.WhenAny([keeping, .. work]);
                await ended;
                work.Remove(ended);
            }

            await drained.CancelAsync();
            await keeping.ContinueWith(static _ => { }, TaskScheduler.Default);
        }
        finally
        {
            await lost.CancelAsync();
        }
    }
}
