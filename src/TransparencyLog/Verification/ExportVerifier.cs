using JitFunctions.TransparencyLog.Checkpoints;
using JitFunctions.TransparencyLog.Exports;
using JitFunctions.TransparencyLog.Proofs;

namespace JitFunctions.TransparencyLog.Verification;

/// <summary>
/// Verifies exports offline: data and headers against their leaf, the leaves against the checkpoint, the checkpoint
/// against a policy, and the log against an earlier checkpoint.
/// </summary>
/// <param name="policy">Whom the auditor trusts. It must not come from the export.</param>
/// <param name="known">An earlier checkpoint that the auditor kept.</param>
public sealed class ExportVerifier(TlogPolicy policy, SignedCheckpoint? known = null)
{
    /// <exception cref="IOException">The export cannot be read.</exception>
    public async Task<ExportVerification> VerifyAsync(ExportSource export, CancellationToken cancellation = default)
    {
        try
        {
            return await CheckpointAsync(export, cancellation);
        }
        // That of a zip archive whose bytes are wrong, or of a file that is not in its form.
        catch (Exception e) when (e is FormatException or InvalidDataException)
        {
            return new(new ExportProblem(ExportProblemKind.Form, null, e.Message.TrimEnd('.')));
        }
    }

    private async Task<ExportVerification> CheckpointAsync(ExportSource export, CancellationToken cancellation)
    {
        if (await export.TryReadTextAsync(ExportFiles.Checkpoint, cancellation) is not { } text)
            throw new FormatException($"The export has no file '{ExportFiles.Checkpoint}'.");
        var checkpoint = SignedCheckpoint.Parse(text);
        var trust = policy.Verify(checkpoint);
        var verification = new ExportVerification(Problem: null)
        {
            Checkpoint = checkpoint.Checkpoint,
            Signatures = trust.Signatures,
            UnknownSignatures = trust.IsTrusted ? checkpoint.Note.Signatures.Count - trust.Signatures.Count : 0,
        };
        if (trust.Refusal is { } refusal)
            return verification with { Problem = new(ExportProblemKind.Checkpoint, null, refusal) };
        if (CompareSizes(checkpoint.Checkpoint) is { } older)
            return verification with { Problem = older };

        await using var leaves =
            export.TryOpen(ExportFiles.Leaves)
            ?? throw new FormatException($"The export has no file '{ExportFiles.Leaves}'.");
        var proofs = export.Names.Where(name => name.StartsWith(ExportFiles.Proofs, StringComparison.Ordinal)).ToList();
        if (proofs is [])
        {
            await using var hashes = export.TryOpenBeside(ExportFiles.Hashes);
            return await new WholeLog(verification, known?.Checkpoint, new(hashes)).VerifyAsync(leaves, cancellation);
        }

        return await new SomeLeaves(verification, policy, checkpoint, known?.Checkpoint).VerifyAsync(
            export,
            leaves,
            proofs,
            cancellation
        );
    }

    /// <summary>What can be told without a leaf.</summary>
    private ExportProblem? CompareSizes(Checkpoint checkpoint)
    {
        if (known is null)
            return null;
        var (origin, size, root) = (known.Checkpoint.Origin, known.Checkpoint.Size, known.Checkpoint.Root);
        if (policy.VerifyLog(known).Refusal is { } refusal)
            return new(ExportProblemKind.Checkpoint, null, $"the checkpoint to compare with is not trusted: {refusal}");
        if (origin != checkpoint.Origin)
            return new(ExportProblemKind.Checkpoint, null, $"the checkpoint to compare with is of the log '{origin}'");
        if (size > checkpoint.Size)
        {
            return new(
                ExportProblemKind.RolledBack,
                checkpoint.Size,
                $"the log had {size} leaves before, and has only {checkpoint.Size} in this export"
            );
        }

        return size == checkpoint.Size && root != checkpoint.Root
            ? new(
                ExportProblemKind.Forked,
                null,
                $"two checkpoints of {size} leaves have unlike roots: the log was forked"
            )
            : null;
    }
}
