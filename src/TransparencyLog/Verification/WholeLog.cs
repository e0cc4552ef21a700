using JitFunctions.TransparencyLog.Checkpoints;
using JitFunctions.TransparencyLog.Exports;
using JitFunctions.TransparencyLog.Merkle;

namespace JitFunctions.TransparencyLog.Verification;

/// <summary>Verifies an export of all leaves, by computing the root anew.</summary>
/// <param name="start">With the checkpoint, which is trusted.</param>
internal sealed class WholeLog(ExportVerification start, Checkpoint? known, LeafHashes hashes)
{
    private readonly Checkpoint _checkpoint = start.Checkpoint!;
    private readonly CompactRange _range = new();
    private long _disclosed;
    private long _erased;
    private bool _isKnown = true;

    public async Task<ExportVerification> VerifyAsync(Stream leaves, CancellationToken cancellation)
    {
        ExportProblem? problem = null;
        CompareWithKnown();
        await foreach (var rows in RowStream.CheckAsync(leaves, cancellation))
        {
            for (var i = 0; i < rows.Count && problem is null; i++)
                problem = Take(rows[i]);
            if (problem is not null)
                break;
        }

        problem ??= AtEnd();
        return start with
        {
            Problem = problem,
            Leaves = _range.Size,
            IsComplete = _range.Size == _checkpoint.Size,
            Disclosed = _disclosed,
            Erased = _erased,
            ConsistentWith = problem is null ? known?.Size : null,
        };
    }

    private ExportProblem? Take(CheckedRow row)
    {
        var index = _range.Size;
        if (row.Problem is { } kind)
            return new(kind, index, row.Reason!);
        if (index == _checkpoint.Size)
            return new(
                ExportProblemKind.Added,
                index,
                $"there are more rows than the {index} leaves of the checkpoint"
            );
        if (row.Index != index)
            return new(ExportProblemKind.Order, index, $"the row has the index {row.Index}");
        hashes.Compare(_range, row.LeafHash);
        _range.Append(row.LeafHash);
        _disclosed += row.Disclosed;
        _erased += row.Erased;
        CompareWithKnown();
        return null;
    }

    // A leaf that was changed after the checkpoint was signed makes a difference here too. So the end decides.
    private void CompareWithKnown() =>
        _isKnown &= known is null || _range.Size != known.Size || _range.Root() == known.Root;

    private ExportProblem? AtEnd()
    {
        if (_range.Size < _checkpoint.Size)
        {
            return new(
                ExportProblemKind.Missing,
                _range.Size,
                $"the rows end here, and the checkpoint has {_checkpoint.Size} leaves"
            );
        }

        var areHashes = hashes.AreThoseOf(_range.Size);
        if (_range.Root() != _checkpoint.Root)
        {
            return hashes.Have(_checkpoint.Root)
                ? new(ExportProblemKind.Root, hashes.FirstUnlike, "the leaf is not the one of the checkpoint")
                : new(
                    ExportProblemKind.Root,
                    null,
                    "some leaf is not the one of the checkpoint: each row agrees with itself, but the root does not"
                );
        }

        if (!_isKnown)
        {
            return new(
                ExportProblemKind.Forked,
                null,
                $"the first {known!.Size} leaves are not those of the earlier checkpoint: the log was forked"
            );
        }

        return areHashes
            ? null
            : new(
                ExportProblemKind.Form,
                null,
                $"the file '{ExportFiles.Hashes}' does not have the hashes of the leaves"
            );
    }
}
