using JasperFx;
using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Requests;
using JitFunctions.Functions.Orchestrations;
using JitFunctions.Projections;
using Marten;

namespace JitFunctions.Functions.Grants;

/// <summary>Commands that people give over the API.</summary>
public sealed class CallerCommands(IDocumentStore store, TimeProvider clock)
{
    private const int MostTries = 10;

    /// <remarks>
    /// Who loses a race decides about the new state: a review, for one, is about the scope it names, whoever else reviewed meanwhile.
    /// </remarks>
    /// <param name="expected">The version the caller has seen, if it must still be that one.</param>
    /// <exception cref="ConcurrencyException">Too many others were faster.</exception>
    public async Task<Outcome> HandleAsync(string id, AccessRequestCommand command, Caller caller, long? expected, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var session = store.LightweightSession();
                return await session.Handle(id, command, Channel.Api(caller.Principal), cancellation, expected);
            }
            catch (ConcurrencyException) when (attempt < MostTries)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(5 * attempt)), clock, cancellation);
            }
        }
    }
}
