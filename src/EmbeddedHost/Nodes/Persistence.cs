using JitFunctions.EmbeddedHost.Storage;
using Microsoft.Extensions.Logging;

namespace JitFunctions.EmbeddedHost.Nodes;

/// <summary>Retries a write while PostgreSQL is unavailable, as long as this node owns the work.</summary>
internal static class Persistence
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    /// <returns>Null when this node no longer owns the work.</returns>
    public static async Task<T?> TryAsync<T>(
        Func<CancellationToken, Task<T>> write,
        NodeSession session,
        string what,
        TimeProvider time,
        ILogger logger
    )
    {
        var first = true;
        for (
            var pause = TimeSpan.FromMilliseconds(100);
            ;
            pause = TimeSpan.FromTicks(Math.Min(Longest.Ticks, pause.Ticks * 2))
        )
        {
            try
            {
                return await write(session.Lost);
            }
            catch (Exception exception)
                when (session.Lost.IsCancellationRequested || (first && Refusals.IsNotOwner(exception)))
            {
                logger.LogInformation("Another node has taken over {Work}; what this one did is void", what);
                return default;
            }
            catch (Exception exception) when (exception is UnknownOutcomeException || Refusals.IsNotOwner(exception))
            {
                // This write, or the one before, may have succeeded and claimed the next step. This node would not run
                // that step.
                logger.LogWarning(
                    exception,
                    "It is not known what became of {Work}; joining anew, which frees all that this node owns",
                    what
                );
                session.GiveUp();
                return default;
            }
            catch (Exception exception)
            {
                logger.LogWarning(exception, "Could not store {Work}; trying again in {Pause}", what, pause);
                first = false;
            }

            try
            {
                await Task.Delay(pause, time, session.Ending);
            }
            catch (OperationCanceledException)
            {
                return default;
            }
        }
    }
}
