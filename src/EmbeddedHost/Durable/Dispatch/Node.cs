using JitFunctions.EmbeddedHost.Durable.Storage;
using JitFunctions.EmbeddedHost.Functions;
using JitFunctions.EmbeddedHost.Timers;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JitFunctions.EmbeddedHost.Durable.Dispatch;

/// <summary>
/// This process as one of the nodes that share the work. It joins, works until it is stopped or loses its lease, and joins again,
/// for however long PostgreSQL may be away.
/// </summary>
internal sealed class Node(
    DurableDatabase database,
    Schema schema,
    FunctionCatalog catalog,
    WorkQueue queue,
    TurnWorker turns,
    ActivityWorker activities,
    Schedules schedules,
    Housekeeping housekeeping,
    WakeUp wake,
    IOptions<EmbeddedHostOptions> options,
    TimeProvider time,
    ILogger<Node> logger)
    : BackgroundService
{
    private static readonly TimeSpan RejoinPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(3);

    /// <summary>Sees to it that the tables are there before the first HTTP call comes, unless PostgreSQL is away.</summary>
    /// <exception cref="InvalidOperationException">They are not, and cannot be made: a node without them would do no work.</exception>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (catalog.NeedsDatabase)
                await schema.EnsureAsync(cancellationToken).WaitAsync(StartPatience, time, cancellationToken);
        }
        catch (Exception exception) when (exception is not InvalidOperationException && !cancellationToken.IsCancellationRequested)
        {
            logger.LogDebug(exception, "Starting without PostgreSQL");
        }

        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!catalog.NeedsDatabase)
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

    /// <summary>Returns when the host stops and the work in hand is done; throws when the node is lost.</summary>
    private async Task WorkAsync(NodeLease lease, CancellationToken stopping)
    {
        using var lost = new CancellationTokenSource();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(lost.Token, stopping);
        using var drained = new CancellationTokenSource();
        var keeping = lease.KeepAsync(wake.Signal, time, drained.Token);
        var work = Start(new NodeSession(lease.NodeId, lost.Token, ending.Token));
        try
        {
            // The lease outlives the stop signal, so that what is in hand can still be stored.
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

    private List<Task> Start(NodeSession session)
    {
        var dispatcher = new Dispatcher(session, queue, turns, activities, catalog, options.Value, wake);
        return [dispatcher.RunAsync(), .. schedules.Run(session), housekeeping.RunAsync(session.Ending)];
    }
}
