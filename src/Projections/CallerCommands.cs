using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Requests;

namespace JitFunctions.Projections;

/// <summary>Commands that people give over the API.</summary>
public sealed class CallerCommands(ApiStore store, WriteTurns turns)
{
    /// <remarks>
    /// It is decided about the latest state: a review, for one, is about the scope it names, whoever else reviewed
    /// meanwhile.
    /// </remarks>
    /// <param name="expected">The version the caller has seen, if it must still be that one.</param>
    public Task<WriteOutcome> HandleAsync(
        string id,
        AccessRequestCommand command,
        Caller caller,
        long? expected,
        CancellationToken cancellation
    ) => turns.HandleAsync(store.Documents, id, command, Channel.Api(caller.Principal), expected, cancellation);

    /// <summary>What would become of a command now.</summary>
    public async Task<Decision> ForeseeAsync(
        string id,
        AccessRequestCommand command,
        long? expected,
        CancellationToken cancellation
    )
    {
        await using var session = store.Documents.LightweightSession();
        return (await session.Foresee(id, command, cancellation, expected)).Decision;
    }

    /// <exception cref="InvalidOperationException">There is no such request.</exception>
    public Task<AccessRequest> ReadAsync(string id, CancellationToken cancellation) =>
        store.Documents.ReadRequestAsync(id, cancellation);
}
