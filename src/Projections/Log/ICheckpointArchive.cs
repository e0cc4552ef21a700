namespace JitFunctions.Projections.Log;

/// <summary>
/// A place outside of the database for checkpoints, best one in which nobody can change or remove them. Whoever owns
/// the database then cannot make the log tell another story unnoticed.
/// </summary>
public interface ICheckpointArchive
{
    /// <summary>Stores a checkpoint, unless there is one of this size.</summary>
    /// <returns>The one that is there; null if this one was stored.</returns>
    Task<string?> PutAsync(long size, string note, CancellationToken cancellation);

    /// <summary>The checkpoint of the largest size; null if there is none.</summary>
    Task<string?> NewestAsync(CancellationToken cancellation);
}
