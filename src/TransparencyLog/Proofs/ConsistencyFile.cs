using JitFunctions.TransparencyLog.Checkpoints;
using JitFunctions.TransparencyLog.Hashing;
using JitFunctions.TransparencyLog.Text;

namespace JitFunctions.TransparencyLog.Proofs;

/// <summary>
/// A checkpoint with a proof that it is consistent with an earlier one: the body of a request <c>add-checkpoint</c> to
/// a witness (C2SP tlog-witness), and a file of an export.
/// </summary>
/// <param name="OldSize">The size of the earlier checkpoint.</param>
/// <param name="Hashes">The consistency proof; none from size 0.</param>
public sealed record ConsistencyFile(long OldSize, IReadOnlyList<Sha256Hash> Hashes, SignedCheckpoint Checkpoint)
{
    private const string OldStart = "old ";

    // As the specification of witnesses has it.
    private const int MostHashes = 63;

    /// <exception cref="FormatException">It has another form.</exception>
    public static ConsistencyFile Parse(ReadOnlySpan<byte> utf8) => Parse(StrictUtf8.GetString(utf8));

    /// <exception cref="FormatException">It has another form.</exception>
    public static ConsistencyFile Parse(string text)
    {
        var end = text.IndexOf("\n\n", StringComparison.Ordinal);
        if (
            end < 0
            || text[..end].Split('\n') is not [var old, .. var hashes]
            || !old.StartsWith(OldStart, StringComparison.Ordinal)
            || !StrictDecimal.TryParse(old.AsSpan(OldStart.Length), out var size)
        )
            throw new FormatException("It begins with a line 'old SIZE', and has an empty line before its checkpoint.");
        return new(size, ProofHashes.Parse(hashes, MostHashes), SignedCheckpoint.Parse(text[(end + 2)..]));
    }

    public override string ToString() =>
        string.Join(
            '\n',
            [OldStart + StrictDecimal.Format(OldSize), .. ProofHashes.Format(Hashes), "", Checkpoint.ToString()]
        );
}
