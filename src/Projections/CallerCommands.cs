using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Requests;

namespace JitFunctions.Projections;

/// <summary>Handles commands that people send through the API.</summary>
public sealed class CallerCommands(ApiStore store, WriteTurns turns)
{
    /// <remarks>
    /// The decision uses the latest state: for example, a review applies to the scope hash that it names, whoever else
    /// has reviewed in the meantime.
    /// </remarks>
    /// <param name="expected">The version that the caller has seen, if the request must still have it.</param>
    public Task<WriteOutcome> HandleAsync(
        string id,
        AccessRequestCommand command,
        Caller caller,
        long? expected,
        CancellationToken cancellation
    ) => turns.HandleAsync(store.Documents, id, command, Channel.Api(caller.Principal), expected, cancellation);

    /// <summary>Returns what a command would lead to now.</summary>
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
