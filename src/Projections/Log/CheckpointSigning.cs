using JitFunctions.TransparencyLog.Checkpoints;
using JitFunctions.TransparencyLog.Merkle;
using JitFunctions.TransparencyLog.Notes;
using Npgsql;

namespace JitFunctions.Projections.Log;

/// <summary>
/// Signs the log, and publishes what it signed: first outside of the database, then in it. It never signs a tree that
/// does not continue each tree that it knows to be signed.
/// </summary>
/// <param name="signers">At least one; all have the name of the log.</param>
public sealed class CheckpointSigning(
    IReadOnlyList<INoteSigner> signers,
    IReadOnlyList<ICheckpointArchive> archives,
    TimeProvider clock
)
{
    private readonly IReadOnlyList<VerifierKey> _keys = [.. signers.Select(signer => signer.Key)];

    // The newest checkpoint that this process knows: a database that was restored from a backup does not.
    private SignedCheckpoint? _known;
    private bool _hasAskedArchives;

    /// <summary>The name of the log.</summary>
    public string Origin { get; } = signers[0].Key.Name;

    /// <summary>The keys that verify its checkpoints.</summary>
    public IReadOnlyList<VerifierKey> Keys => _keys;

    /// <returns>The newest checkpoint; null if the log has no leaves.</returns>
    /// <exception cref="LogInconsistentException">The log does not continue what was signed: nothing is
    /// signed.</exception>
    internal async Task<SignedCheckpoint?> SignAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var head = await LogHead.ReadAsync(connection, cancellation);
        var tree = new Checkpoint(Origin, head.Size, head.Root);
        var stored = await connection.ReadCheckpointAsync(size: null, cancellation);
        foreach (var earlier in new[] { stored, await KnownAsync(cancellation) })
        {
            if (earlier is not null)
                await CheckAsync(connection, earlier, tree, cancellation);
        }

        if (head.Size == 0 || (stored is not null && IsOf(stored.Checkpoint, tree)))
            return _known = stored;
        // The sequencer checks the tail before it appends; a head that was changed since must not be signed.
        await TailReader.ReadAsync(connection, head, cancellation);
        var signed = await PublishAsync(await SignedCheckpoint.SignAsync(tree, signers, cancellation), cancellation);
        await StoredCheckpoints.InsertAsync(connection, signed, clock.GetUtcNow(), cancellation);
        return _known = signed;
    }

    private async Task<SignedCheckpoint?> KnownAsync(CancellationToken cancellation)
    {
        if (_hasAskedArchives)
            return _known;
        foreach (var archive in archives)
        {
            if (
                await archive.NewestAsync(cancellation) is { } note
                && Parse(note) is var newest
                && newest.Checkpoint.Size > (_known?.Checkpoint.Size ?? 0)
            )
                _known = newest;
        }

        _hasAskedArchives = true;
        return _known;
    }

    private async Task CheckAsync(
        NpgsqlConnection connection,
        SignedCheckpoint earlier,
        Checkpoint tree,
        CancellationToken cancellation
    )
    {
        CheckSignatures(earlier);
        var (size, root) = (earlier.Checkpoint.Size, earlier.Checkpoint.Root);
        if (size > tree.Size)
        {
            throw new LogInconsistentException(
                $"The log has signed {size} leaves before, and has only {tree.Size} now: an older copy of the database "
                    + "was restored, or leaves were removed."
            );
        }

        var plan = ConsistencyProof.Plan(size, tree.Size);
        var proof = plan.Build(await connection.ReadNodesAsync([plan], tree.Size, cancellation));
        if (!ConsistencyProof.Verify(size, root, tree.Size, tree.Root, proof))
            throw new LogInconsistentException(
                $"The log does not continue the {size} leaves that it has signed before."
            );
    }

    private async Task<SignedCheckpoint> PublishAsync(SignedCheckpoint signed, CancellationToken cancellation)
    {
        CheckSignatures(signed);
        foreach (var archive in archives)
        {
            var there = await archive.PutAsync(signed.Checkpoint.Size, signed.ToString(), cancellation);
            if (there is null)
                continue;
            // It was published before, but not stored: the process ended in between.
            var published = Parse(there);
            CheckSignatures(published);
            if (!IsOf(published.Checkpoint, signed.Checkpoint))
            {
                throw new LogInconsistentException(
                    $"Another tree of {signed.Checkpoint.Size} leaves was signed and published before."
                );
            }

            signed = published;
        }

        return signed;
    }

    /// <summary>One key at a time can be replaced: a known one has to have signed.</summary>
    private void CheckSignatures(SignedCheckpoint checkpoint)
    {
        var note = checkpoint.Note.Verify(_keys);
        if (checkpoint.Checkpoint.Origin != Origin || note.Invalid is not [] || note.Valid is [])
            throw new LogInconsistentException(
                $"The checkpoint of {checkpoint.Checkpoint.Size} leaves is not signed by this log."
            );
    }

    private static bool IsOf(Checkpoint checkpoint, Checkpoint tree) =>
        checkpoint.Size == tree.Size && checkpoint.Root == tree.Root && checkpoint.Extensions is [];

    private static SignedCheckpoint Parse(string note)
    {
        try
        {
            return SignedCheckpoint.Parse(note);
        }
        catch (FormatException e)
        {
            throw new LogInconsistentException("A published checkpoint of the log is not one.", e);
        }
    }
}
