using System.Globalization;
using JitFunctions.TransparencyLog.Text;

namespace JitFunctions.TransparencyLog.Exports;

/// <summary>The files of an export, which is a folder or a zip archive: docs/record.md describes them.</summary>
public static class ExportFiles
{
    /// <summary>The signed checkpoint of the tree that the leaves are of.</summary>
    public const string Checkpoint = "checkpoint";

    /// <summary>The policy that the log suggests. Nothing that is exported can be a reason to trust it.</summary>
    public const string Policy = "policy";

    /// <summary>One row for each leaf, in the order of their indexes.</summary>
    public const string Leaves = "leaves.ndjson";

    /// <summary>
    /// The hash of each leaf, 32 bytes each, of an export of all leaves. With it the verifier can name the leaf that is
    /// not the one of the checkpoint.
    /// </summary>
    public const string Hashes = "hashes";

    /// <summary>
    /// A consistency proof from an earlier checkpoint, in the form of a request to a witness. Only an export of some
    /// leaves needs one.
    /// </summary>
    public const string Consistency = "consistency";

    /// <summary>The folder of the proofs of an export that has some leaves only.</summary>
    public const string Proofs = "proofs/";

    private const string ProofExtension = ".tlog-proof";

    public static string ProofOf(long index) =>
        string.Create(CultureInfo.InvariantCulture, $"{Proofs}{index}{ProofExtension}");

    public static bool IsProof(string name, out long index)
    {
        index = -1;
        return name.StartsWith(Proofs, StringComparison.Ordinal)
            && name.EndsWith(ProofExtension, StringComparison.Ordinal)
            && name.Length > Proofs.Length + ProofExtension.Length
            && StrictDecimal.TryParse(name.AsSpan()[Proofs.Length..^ProofExtension.Length], out index);
    }
}
