using JasperFx;
using Marten;
using Marten.Exceptions;

namespace JitFunctions.Projections;

/// <summary>
/// What somebody else was faster with is read and tried again, with a session of its own. Commands on requests need it
/// not: they wait for the stream's lock.
/// </summary>
internal static class LostRace
{
    public static async Task<T> TryUntilWonAsync<T>(
        this IDocumentStore store,
        Func<IDocumentSession, Task<T>> attempt,
        CancellationToken cancellation
    )
    {
        // Each race that is lost is one that somebody else has won, so it comes to an end.
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                await using var session = store.LightweightSession();
                return await attempt(session);
            }
            catch (Exception e) when (e is ConcurrencyException or ExistingStreamIdCollisionException)
            {
                // What the winner stored is looked at in the next attempt.
            }
        }
    }
}
