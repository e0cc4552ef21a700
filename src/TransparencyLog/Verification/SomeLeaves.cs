using JitFunctions.TransparencyLog.Checkpoints;
using JitFunctions.TransparencyLog.Exports;
using JitFunctions.TransparencyLog.Hashing;
using JitFunctions.TransparencyLog.Merkle;
using JitFunctions.TransparencyLog.Proofs;

namespace JitFunctions.TransparencyLog.Verification;

/// <summary>
/// Verifies an export of some leaves, by the proof of each. It keeps the hash of each leaf: 50 bytes or so.
/// </summary>
internal sealed class SomeLeaves(
    ExportVerification start,
    TlogPolicy policy,
    SignedCheckpoint checkpoint,
    Checkpoint? known
)
{
    private readonly string _checkpointText = checkpoint.ToString();

    public async Task<ExportVerification> VerifyAsync(
        ExportSource export,
        Stream leaves,
        IReadOnlyList<string> proofs,
        CancellationToken cancellation
    )
    {
        var (rows, disclosed, erased) = (new List<(long Index, Sha256Hash Hash)>(), 0L, 0L);
        ExportProblem? problem = null;
        await foreach (var part in RowStream.CheckAsync(leaves, cancellation))
        {
            for (var i = 0; i < part.Count && problem is null; i++)
            {
                problem = Follows(rows, part[i]);
                rows.Add((part[i].Index, part[i].LeafHash));
                disclosed += part[i].Disclosed;
                erased += part[i].Erased;
            }

            if (problem is not null)
                break;
        }

        problem ??= await ProofsAsync(export, rows, proofs, cancellation) ?? await KnownAsync(export, cancellation);
        return start with
        {
            Problem = problem,
            Leaves = rows.Count,
            IsComplete = rows.Count == checkpoint.Checkpoint.Size,
            Disclosed = disclosed,
            Erased = erased,
            ConsistentWith = problem is null ? known?.Size : null,
        };
    }

    private static ExportProblem? Follows(List<(long Index, Sha256Hash Hash)> rows, CheckedRow row)
    {
        long? last = rows is [.., var before] ? before.Index : null;
        if (row.Problem is { } kind)
        {
            var place = last is null ? "the first row" : $"the row after that of {last}";
            return new(kind, row.Index >= 0 ? row.Index : null, $"{place}: {row.Reason}");
        }

        return row.Index <= last
            ? new(ExportProblemKind.Order, row.Index, $"the row comes after that of {last}")
            : null;
    }

    private async Task<ExportProblem?> ProofsAsync(
        ExportSource export,
        List<(long Index, Sha256Hash Hash)> rows,
        IReadOnlyList<string> proofs,
        CancellationToken cancellation
    )
    {
        foreach (var (index, hash) in rows)
        {
            if (await CheckAsync(export, index, hash, cancellation) is { } reason)
                return new(ExportProblemKind.Proof, index, reason);
        }

        var indexes = rows.Select(row => row.Index).ToHashSet();
        foreach (var name in proofs.Order(StringComparer.Ordinal))
        {
            if (!ExportFiles.IsProof(name, out var index))
                return new(ExportProblemKind.Form, null, $"'{name}' is not the name of a proof");
            if (!indexes.Contains(index))
                return new(ExportProblemKind.Missing, index, "there is a proof of this leaf, but no row");
        }

        return null;
    }

    private async Task<string?> CheckAsync(
        ExportSource export,
        long index,
        Sha256Hash hash,
        CancellationToken cancellation
    )
    {
        TlogProof proof;
        try
        {
            var text = await export.TryReadTextAsync(ExportFiles.ProofOf(index), cancellation);
            if (text is null)
                return "the export has no proof of this leaf";
            proof = TlogProof.Parse(text);
        }
        catch (FormatException e)
        {
            return e.Message.TrimEnd('.');
        }

        if (proof.Index != index)
            return $"the proof is of the leaf {proof.Index}";
        // Nearly always the proofs have the checkpoint of the export, whose signatures are verified already.
        if (proof.Checkpoint.ToString() != _checkpointText)
        {
            if (proof.Checkpoint.Checkpoint.ToString() != checkpoint.Checkpoint.ToString())
                return "the proof has another checkpoint than the export";
            if (policy.Verify(proof.Checkpoint).Refusal is { } refusal)
                return $"the checkpoint of the proof is not trusted: {refusal}";
        }

        if (proof.Extra is not null)
            return "the proof has extra data, which nothing authenticates";
        return proof.Includes(hash) ? null : "the leaf is not the one of the checkpoint";
    }

    private async Task<ExportProblem?> KnownAsync(ExportSource export, CancellationToken cancellation)
    {
        if (known is null || known.Size == 0 || known.Size == checkpoint.Checkpoint.Size)
            return null;
        var text = await export.TryReadTextAsync(ExportFiles.Consistency, cancellation);
        if (text is null)
        {
            return new(
                ExportProblemKind.Form,
                null,
                $"the export has no consistency proof from {known.Size} leaves on: ask for one"
            );
        }

        var proof = ConsistencyFile.Parse(text);
        if (proof.OldSize != known.Size || proof.Checkpoint.Checkpoint.ToString() != checkpoint.Checkpoint.ToString())
        {
            return new(
                ExportProblemKind.Form,
                null,
                $"the consistency proof is not from {known.Size} leaves to the checkpoint of the export"
            );
        }

        return ConsistencyProof.Verify(
            known.Size,
            known.Root,
            checkpoint.Checkpoint.Size,
            checkpoint.Checkpoint.Root,
            proof.Hashes
        )
            ? null
            : new(ExportProblemKind.Forked, null, "the log does not continue the one of the earlier checkpoint");
    }
}
