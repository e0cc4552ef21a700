using Marten;
using Npgsql;

namespace JitFunctions.Projections.Log;

/// <summary>
/// Every transaction that appends events holds this advisory lock in shared mode, from before it takes its sequence
/// numbers until it commits. A holder in exclusive mode therefore knows that no append is in progress. Writers do not
/// wait for each other.
/// </summary>
internal sealed class AppendLock : DocumentSessionListenerBase
{
    /// <summary>A number that no other lock in the database uses.</summary>
    public const long Key = 0x6a69742d6c6f67; // "jit-log"

    /// <summary>The first and the last 32 bits of the key, as <c>pg_locks</c> shows them.</summary>
    public const string ClassId = "6973812"; // 0x6a6974

    public const string ObjectId = "762081127"; // 0x2d6c6f67

    public override async Task BeforeSaveChangesAsync(IDocumentSession session, CancellationToken token)
    {
        await session.BeginTransactionAsync(token);
        await using var command = new NpgsqlCommand($"select pg_advisory_xact_lock_shared({Key})");
        await session.ExecuteAsync(command, token);
    }
}
