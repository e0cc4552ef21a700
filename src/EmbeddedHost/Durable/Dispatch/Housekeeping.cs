using JitFunctions.EmbeddedHost.Durable.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JitFunctions.EmbeddedHost.Durable.Dispatch;

/// <summary>Purges old instances and stray messages once a minute. Every node does; that is harmless.</summary>
internal sealed class Housekeeping(Purge purge, IOptions<EmbeddedHostOptions> options, TimeProvider time, ILogger<Housekeeping> logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    public async Task RunAsync(CancellationToken ending)
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
