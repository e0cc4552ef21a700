using JitFunctions.EmbeddedHost.Nodes;
using JitFunctions.EmbeddedHost.Settings;
using JitFunctions.EmbeddedHost.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JitFunctions.EmbeddedHost.Dispatch;

/// <summary>Purges old instances and stray messages once a minute. Every node does; that is harmless.</summary>
internal sealed class Housekeeping(
    Purge purge,
    IOptions<EmbeddedHostOptions> options,
    TimeProvider time,
    ILogger<Housekeeping> logger
) : INodeTask
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    public IEnumerable<Task> Run(NodeSession session) => [RunAsync(session.Ending)];

    private async Task RunAsync(CancellationToken ending)
    {
        while (!ending.IsCancellationRequested)
        {
            try
            {
                await purge.FinishedBeforeAsync(time.GetUtcNow() - options.Value.RetainFinishedFor, ending);
                await purge.StrayMessagesAsync(ending);
            }
            catch (Exception exception)
            {
                if (ending.IsCancellationRequested)
                    return;
                logger.LogWarning(exception, "Could not purge old instances");
            }

            await Task.Delay(Interval, time, ending).ContinueWith(static _ => { }, TaskScheduler.Default);
        }
    }
}
