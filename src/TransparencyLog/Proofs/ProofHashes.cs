using JitFunctions.TransparencyLog.Hashing;

namespace JitFunctions.TransparencyLog.Proofs;

/// <summary>The hashes of a proof as lines of base64.</summary>
internal static class ProofHashes
{
    /// <exception cref="FormatException">A line is not a hash, or there are too many.</exception>
    public static IReadOnlyList<Sha256Hash> Parse(IReadOnlyCollection<string> lines, int most)
    {
        if (lines.Count > most)
            throw new FormatException($"A proof has at most {most} hashes, not {lines.Count}.");
        return
        [
            .. lines.Select(line =>
                Sha256Hash.TryParseBase64(line, out var hash)
                    ? hash
                    : throw new FormatException("A hash of a proof is base64 of 32 bytes.")
            ),
        ];
    }

    public static IEnumerable<string> Format(IEnumerable<Sha256Hash> hashes) => hashes.Select(hash => hash.ToBase64());
}
