using JitFunctions.TransparencyLog.Hashing;

namespace JitFunctions.TransparencyLog.Exports;

/// <summary>What an export has about one leaf: its row.</summary>
/// <param name="Index">The position in the log, from 0 on.</param>
/// <param name="Leaf">The bytes of the entry.</param>
/// <param name="Data">The canonical, redacted data whose hash the leaf has; null if the leaf has none.</param>
/// <param name="Headers">The canonical, redacted headers whose hash the leaf has; null if the leaf has none.</param>
/// <param name="Disclosures">Those of the data and the headers that were not erased.</param>
public sealed record ExportLeaf(
    long Index,
    ReadOnlyMemory<byte> Leaf,
    ReadOnlyMemory<byte>? Data,
    ReadOnlyMemory<byte>? Headers,
    IReadOnlyList<string> Disclosures
)
{
    /// <summary>The hash that is stored beside the leaf; null to compute it from its bytes.</summary>
    public Sha256Hash? StoredHash { get; init; }
}
