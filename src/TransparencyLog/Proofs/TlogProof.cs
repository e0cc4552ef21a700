using JitFunctions.TransparencyLog.Checkpoints;
using JitFunctions.TransparencyLog.Hashing;
using JitFunctions.TransparencyLog.Merkle;
using JitFunctions.TransparencyLog.Text;

namespace JitFunctions.TransparencyLog.Proofs;

/// <summary>
/// All that shows offline that a leaf is in a log: a file <c>.tlog-proof</c> (C2SP tlog-proof). Whether the checkpoint
/// may be believed is for a <see cref="TlogPolicy"/> to say.
/// </summary>
/// <param name="Hashes">The inclusion proof, the leaf's sibling first.</param>
public sealed record TlogProof(long Index, IReadOnlyList<Sha256Hash> Hashes, SignedCheckpoint Checkpoint)
{
    private const string Header = "c2sp.org/tlog-proof@v1";
    private const string ExtraStart = "extra ";
    private const string IndexStart = "index ";

    // A tree of 2^63 leaves has no longer proof.
    private const int MostHashes = 63;

    /// <summary>Data of the application. Nothing authenticates it.</summary>
    public byte[]? Extra { get; init; }

    /// <exception cref="FormatException">It is not a proof.</exception>
    public static TlogProof Parse(ReadOnlySpan<byte> utf8) => Parse(StrictUtf8.GetString(utf8));

    /// <exception cref="FormatException">It is not a proof.</exception>
    public static TlogProof Parse(string text)
    {
        var end = text.IndexOf("\n\n", StringComparison.Ordinal);
        if (end < 0 || text[..end].Split('\n') is not [Header, .. var lines])
            throw new FormatException(
                $"A proof begins with the line '{Header}' and has an empty line before its checkpoint."
            );

        byte[]? extra = null;
        if (lines is [var first, .. var others] && first.StartsWith(ExtraStart, StringComparison.Ordinal))
        {
            if (!StrictBase64.TryDecode(first[ExtraStart.Length..], out extra))
                throw new FormatException("The extra data of a proof is base64.");
            lines = others;
        }

        if (
            lines is not [var second, .. var hashes]
            || !second.StartsWith(IndexStart, StringComparison.Ordinal)
            || !StrictDecimal.TryParse(second.AsSpan(IndexStart.Length), out var index)
        )
            throw new FormatException("A proof has a line 'index N', with a decimal number without leading zeroes.");
        return new(index, ProofHashes.Parse(hashes, MostHashes), SignedCheckpoint.Parse(text[(end + 2)..]))
        {
            Extra = extra,
        };
    }

    /// <summary>
    /// Whether the leaf is in the tree of the checkpoint. That says nothing about the signatures of the checkpoint.
    /// </summary>
    public bool Includes(Sha256Hash leafHash) =>
        InclusionProof.Verify(leafHash, Index, Checkpoint.Checkpoint.Size, Hashes, Checkpoint.Checkpoint.Root);

    public override string ToString()
    {
        string[] extra = Extra is null ? [] : [ExtraStart + Convert.ToBase64String(Extra)];
        return string.Join(
            '\n',
            [
                Header,
                .. extra,
                IndexStart + StrictDecimal.Format(Index),
                .. ProofHashes.Format(Hashes),
                "",
                Checkpoint.ToString(),
            ]
        );
    }
}
