using JitFunctions.Domain.Requests;
using Marten;

namespace JitFunctions.Projections;

/// <summary>
/// Handles commands of the system. They have a separate queue and separate connections: the first writer in the queue
/// of <see cref="CallerCommands"/> may have to wait for a connection, and must not delay the end of a grant.
/// </summary>
public sealed class SystemCommands(IDocumentStore store)
{
    private readonly WriteTurns _turns = new();

    /// <exception cref="InvalidOperationException">There is no such request.</exception>
    public async Task<AccessRequest> HandleAsync(
        string id,
        AccessRequestCommand command,
        Provenance provenance,
        CancellationToken cancellation
    )
    {
        var outcome = await _turns.HandleAsync(store, id, command, provenance, expected: null, cancellation);
        return outcome.State ?? throw WritePath.NoSuchRequest(id);
    }

    /// <exception cref="InvalidOperationException">There is no such request.</exception>
    public Task<AccessRequest> ReadAsync(string id, CancellationToken cancellation) =>
        store.ReadRequestAsync(id, cancellation);
}
