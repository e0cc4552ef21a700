using JasperFx;
using Marten;
using Marten.Exceptions;

namespace JitFunctions.Projections;

/// <summary>
/// Repeats an operation after a concurrent write, with a new session each time. Commands on requests do not need this,
/// because they wait for the lock of the stream.
/// </summary>
internal static class LostRace
{
    public static async Task<T> TryUntilWonAsync<T>(
        this IDocumentStore store,
        Func<IDocumentSession, Task<T>> attempt,
        CancellationToken cancellation
    )
    {
        // Each conflict means that another writer has succeeded, so the loop ends eventually.
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
                // The next attempt reads what the other writer stored.
            }
        }
    }
}
