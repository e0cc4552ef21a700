using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Scopes;
using Marten;

namespace JitFunctions.Projections;

/// <summary>
/// Passes commands to the write path. Commands on the same request run one after the other, and those that end
/// something run first. Waiting commands hold no connection. The lock of the stream in PostgreSQL orders the remaining
/// writers: on each node one for callers and one for the app itself.
/// </summary>
public sealed class WriteTurns
{
    // No request has this id.
    private const string Opening = "opening";

    private readonly TurnLine _line = new();

    /// <param name="expected">The version that the caller has seen, if the request must still have it.</param>
    public async Task<WriteOutcome> HandleAsync(
        IDocumentStore store,
        string id,
        AccessRequestCommand command,
        Provenance provenance,
        long? expected,
        CancellationToken cancellation
    )
    {
        // A command that writes nothing, such as a rejected one, needs no turn. Any number of them do not delay other
        // commands.
        await using (var look = store.LightweightSession())
        {
            var foreseen = await look.Foresee(id, command, cancellation, expected);
            if (foreseen.Decision is not Decision.Accepted { Events: [_, ..] })
                return foreseen;
        }

        using var turn = await _line.WaitAsync(id, first: command.EndsSomething, cancellation);
        await using var session = store.LightweightSession();
        return await session.Handle(id, command, provenance, cancellation, expected);
    }

    /// <returns>The reason why the request was not opened; null if it was.</returns>
    public async Task<Rejection?> OpenAsync(
        IDocumentStore store,
        OpenRequestLimits limits,
        Caller caller,
        string id,
        IReadOnlyList<AccessRequestEvent> events,
        Provenance provenance,
        CancellationToken cancellation
    )
    {
        var breakGlass = events.OfType<AccessRequestEvent.Requested>().Any(asked => asked.Terms.BreakGlass);
        using var turn = await _line.WaitAsync(Opening, first: breakGlass, cancellation);
        await using var session = store.LightweightSession();
        return await session.OpenWithin(limits, caller, id, events, provenance, cancellation);
    }
}
