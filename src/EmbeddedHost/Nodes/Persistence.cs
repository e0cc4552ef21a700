using JitFunctions.EmbeddedHost.Storage;
using Microsoft.Extensions.Logging;

namespace JitFunctions.EmbeddedHost.Nodes;

/// <summary>Repeats a write while PostgreSQL is away, for as long as this node owns what it writes.</summary>
internal static class Persistence
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    /// <returns>False when the work is no longer this node's.</returns>
    public static async Task<bool> TryAsync(
        Func<CancellationToken, Task> write, NodeSession session, string what, TimeProvider time, ILogger logger)
    {
        for (var pause = TimeSpan.FromMilliseconds(100); ; pause = TimeSpan.FromTicks(Math.Min(Longest.Ticks, pause.Ticks * 2)))
        {
            try
            {
                await write(session.Lost);
                return true;
            }
            catch (Exception exception) when (Refusals.IsNotOwner(exception) || session.Lost.IsCancellationRequested)
            {
                logger.LogInformation("Another node has taken over {Work}; what this one did is void", what);
                return false;
            }
            catch (Exception exception)
            {
                logger.LogWarning(exception, "Could not store {Work}; trying again in {Pause}", what, pause);
            }

            try
            {
                await Task.Delay(pause, time, session.Ending);
            }
            catch (OperationCanceledException)
            {
                return false;
            }
        }
    }
}
