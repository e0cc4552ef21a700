using JitFunctions.TransparencyLog.Disclosures;
using JitFunctions.TransparencyLog.Hashing;
using JitFunctions.TransparencyLog.Leaves;
using JitFunctions.TransparencyLog.Merkle;

namespace JitFunctions.Projections.Log;

/// <summary>What the log has about one event.</summary>
/// <param name="Leaf">The bytes that are hashed: they commit to data and headers.</param>
/// <param name="Data">Canonical, with digests in place of personal members.</param>
/// <param name="Headers">As the data.</param>
internal sealed record LogRow(
    long Sequence,
    byte[] Leaf,
    Sha256Hash Hash,
    byte[] Data,
    byte[] Headers,
    IReadOnlyList<Disclosure> Disclosures
)
{
    /// <param name="newSalt">For tests; null for random salts.</param>
    /// <exception cref="UnloggableEventException">The event has no canonical form.</exception>
    public static LogRow Of(StoredEvent e, Func<byte[]>? newSalt = null)
    {
        try
        {
            var data = Redaction.Redact(e.CanonicalData(), PersonalMembers.IsPersonal, newSalt);
            var headers = Redaction.Redact(e.CanonicalHeaders(), PersonalMembers.IsPersonal, newSalt);
            var leaf = new EventLeaf(
                e.Id,
                e.At,
                e.Stream,
                e.Version,
                e.Sequence,
                e.Type,
                Sha256Hash.Of(data.Data),
                Sha256Hash.Of(headers.Data)
            ).ToBytes();
            return new(
                e.Sequence,
                leaf,
                TreeHash.Leaf(leaf),
                data.Data,
                headers.Data,
                [.. data.Disclosures, .. headers.Disclosures]
            );
        }
        catch (FormatException why)
        {
            throw new UnloggableEventException(e.Sequence, why);
        }
    }
}

/// <summary>
/// An event cannot be written in the canonical form. The log stops before it, because an event that is left out could
/// not be told from one that was removed.
/// </summary>
public sealed class UnloggableEventException(long sequence, Exception inner)
    : Exception($"The event with the sequence {sequence} cannot be in the log.", inner);
