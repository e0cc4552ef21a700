using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Scopes;
using Marten;

namespace JitFunctions.Projections;

/// <summary>
/// Hands commands to the write path, those of one request one after the other, and those that end something before all
/// others. Who waits for a turn holds no connection; the stream's lock in PostgreSQL orders what is left: of each node
/// one writer for callers, and one of the app's own.
/// </summary>
public sealed class WriteTurns
{
    // No request has such an id.
    private const string Opening = "opening";

    private readonly TurnLine _line = new();

    /// <param name="expected">The version the caller has seen, if it must still be that one.</param>
    public async Task<WriteOutcome> HandleAsync(
        IDocumentStore store,
        string id,
        AccessRequestCommand command,
        Provenance provenance,
        long? expected,
        CancellationToken cancellation
    )
    {
        // What writes nothing, such as a refusal, needs no turn: however many of those come, they are in nobody's way.
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

    /// <returns>Why nothing was opened; null when it was.</returns>
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
