using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Requests;
using JitFunctions.Functions.Orchestrations;
using JitFunctions.Projections;
using Marten;

namespace JitFunctions.Functions.Grants;

/// <summary>Commands that people give over the API.</summary>
public sealed class CallerCommands(IDocumentStore store, WriteTurns turns)
{
    /// <remarks>
    /// It is decided about the latest state: a review, for one, is about the scope it names, whoever else reviewed meanwhile.
    /// </remarks>
    /// <param name="expected">The version the caller has seen, if it must still be that one.</param>
    public Task<Outcome> HandleAsync(string id, AccessRequestCommand command, Caller caller, long? expected, CancellationToken cancellation) =>
        turns.HandleAsync(store, id, command, Channel.Api(caller.Principal), expected, cancellation);
}
