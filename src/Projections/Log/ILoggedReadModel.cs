using Npgsql;

namespace JitFunctions.Projections.Log;

/// <summary>
/// A read model that is written together with the leaves. So it is complete up to each checkpoint, and it can say by
/// the index of a leaf what was known when. Writers of events never wait for it.
/// </summary>
public interface ILoggedReadModel
{
    /// <summary>Marten's name of the tables.</summary>
    Type StorageType { get; }

    /// <param name="connection">In the transaction that appends the leaves.</param>
    /// <param name="first">The index of the first new leaf.</param>
    Task FollowAsync(NpgsqlConnection connection, long first, CancellationToken cancellation);
}
