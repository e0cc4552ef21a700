using JitFunctions.Domain.Requests;
using Marten;

namespace JitFunctions.Projections;

/// <summary>
/// Commands that no person gives. They have a line of their own, as they have connections of their own: who holds the
/// turn in the line of <see cref="CallerCommands"/> may wait for a connection, and no grant lives longer for it.
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
