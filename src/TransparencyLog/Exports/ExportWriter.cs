using System.Buffers;
using JitFunctions.TransparencyLog.Checkpoints;
using JitFunctions.TransparencyLog.Merkle;
using JitFunctions.TransparencyLog.Proofs;
using JitFunctions.TransparencyLog.Text;

namespace JitFunctions.TransparencyLog.Exports;

/// <summary>Writes exports. It holds a few rows in memory, whatever the size of the log.</summary>
public sealed class ExportWriter(IExportTarget target)
{
    private const int FlushAt = 256 * 1024;

    /// <summary>Writes the whole log up to the checkpoint.</summary>
    /// <param name="policy">The policy that the log suggests; see <see cref="ExportFiles.Policy"/>.</param>
    /// <param name="leaves">All of them, in the order of their indexes.</param>
    /// <param name="asTheyAre">
    /// Writes what is there, even if leaves are missing or there are too many: whoever verifies the export is told
    /// which.
    /// </param>
    /// <exception cref="ArgumentException">A leaf is missing, or there are more than the checkpoint has.</exception>
    public async Task WriteAllAsync(
        SignedCheckpoint checkpoint,
        string policy,
        IAsyncEnumerable<ExportLeaf> leaves,
        bool asTheyAre = false,
        CancellationToken cancellation = default
    )
    {
        var next = 0L;
        // The archive has one file after the other.
        await using var hashes = new FileStream(
            Path.GetTempFileName(),
            FileMode.Truncate,
            FileAccess.ReadWrite,
            FileShare.None,
            bufferSize: 64 * 1024,
            FileOptions.DeleteOnClose
        );
        await WriteTextAsync(ExportFiles.Checkpoint, checkpoint.ToString(), cancellation);
        await WriteTextAsync(ExportFiles.Policy, policy, cancellation);
        await WriteLeavesAsync(
            leaves,
            leaf =>
            {
                if (leaf.Index != next++ && !asTheyAre)
                    throw new ArgumentException($"The leaf after {next - 2} is {leaf.Index}.", nameof(leaves));
                hashes.Write((leaf.StoredHash ?? TreeHash.Leaf(leaf.Leaf.Span)).ToArray());
            },
            cancellation
        );
        if (next != checkpoint.Checkpoint.Size && !asTheyAre)
        {
            throw new ArgumentException(
                $"There are {next} leaves, but the checkpoint has {checkpoint.Checkpoint.Size}.",
                nameof(leaves)
            );
        }

        hashes.Position = 0;
        await using var file = await target.CreateAsync(ExportFiles.Hashes, cancellation);
        await hashes.CopyToAsync(file, cancellation);
    }

    /// <summary>Writes some leaves, each with its proof.</summary>
    /// <param name="leaves">In the order of their indexes.</param>
    /// <param name="proofs">One for each leaf, all for this checkpoint.</param>
    /// <param name="consistency">From a checkpoint that the reader has; null if none is asked for.</param>
    /// <exception cref="ArgumentException">
    /// The leaves are not in order, or a proof is for another checkpoint.
    /// </exception>
    public async Task WriteSomeAsync(
        SignedCheckpoint checkpoint,
        string policy,
        IAsyncEnumerable<ExportLeaf> leaves,
        IAsyncEnumerable<TlogProof> proofs,
        ConsistencyFile? consistency = null,
        CancellationToken cancellation = default
    )
    {
        var (last, text) = (-1L, checkpoint.ToString());
        await WriteTextAsync(ExportFiles.Checkpoint, text, cancellation);
        await WriteTextAsync(ExportFiles.Policy, policy, cancellation);
        if (consistency is not null)
            await WriteTextAsync(ExportFiles.Consistency, consistency.ToString(), cancellation);
        await WriteLeavesAsync(
            leaves,
            leaf =>
            {
                if (leaf.Index <= last)
                    throw new ArgumentException($"The leaf {leaf.Index} comes after {last}.", nameof(leaves));
                last = leaf.Index;
            },
            cancellation
        );
        await foreach (var proof in proofs.WithCancellation(cancellation))
        {
            if (proof.Checkpoint.ToString() != text)
                throw new ArgumentException($"The proof of {proof.Index} is for another checkpoint.", nameof(proofs));
            await WriteTextAsync(ExportFiles.ProofOf(proof.Index), proof.ToString(), cancellation);
        }
    }

    private async Task WriteLeavesAsync(
        IAsyncEnumerable<ExportLeaf> leaves,
        Action<ExportLeaf> check,
        CancellationToken cancellation
    )
    {
        await using var file = await target.CreateAsync(ExportFiles.Leaves, cancellation);
        var rows = new ArrayBufferWriter<byte>(2 * FlushAt);
        await foreach (var leaf in leaves.WithCancellation(cancellation))
        {
            check(leaf);
            ExportRow.Write(leaf, rows);
            if (rows.WrittenCount < FlushAt)
                continue;
            await file.WriteAsync(rows.WrittenMemory, cancellation);
            rows.ResetWrittenCount();
        }

        await file.WriteAsync(rows.WrittenMemory, cancellation);
    }

    private async Task WriteTextAsync(string name, string text, CancellationToken cancellation)
    {
        await using var file = await target.CreateAsync(name, cancellation);
        await file.WriteAsync(StrictUtf8.GetBytes(text), cancellation);
    }
}
