using JasperFx;
using JitFunctions.Domain.Requests;
using JitFunctions.Projections;
using Marten;

namespace JitFunctions.Functions.Grants;

/// <summary>Commands that no person gives: a lost race is simply tried again on the new state.</summary>
public sealed class SystemCommands(IDocumentStore store)
{
    private const int MostTries = 5;

    /// <exception cref="InvalidOperationException">There is no such request.</exception>
    public async Task<AccessRequest> HandleAsync(string id, AccessRequestCommand command, Provenance provenance, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var session = store.LightweightSession();
                var outcome = await session.Handle(id, command, provenance, cancellation);
                return outcome.State ?? throw new InvalidOperationException($"There is no request '{id}'.");
            }
            catch (ConcurrencyException) when (attempt < MostTries)
            {
                // Somebody else's event came first: decide again with it.
            }
        }
    }

    public async Task<AccessRequest> ReadAsync(string id, CancellationToken cancellation)
    {
        await using var session = store.QuerySession();
        return await session.Events.AggregateStreamAsync<AccessRequest>(id, token: cancellation)
            ?? throw new InvalidOperationException($"There is no request '{id}'.");
    }
}
