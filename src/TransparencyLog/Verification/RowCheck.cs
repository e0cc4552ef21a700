using System.Buffers.Text;
using System.Security.Cryptography;
using JitFunctions.TransparencyLog.Exports;
using JitFunctions.TransparencyLog.Hashing;
using JitFunctions.TransparencyLog.Merkle;

namespace JitFunctions.TransparencyLog.Verification;

/// <summary>What one row says of itself. Its index is true only if all rows before it are there.</summary>
/// <param name="Problem">Null if data, headers and disclosures are those of the leaf.</param>
internal readonly record struct CheckedRow(
    long Index,
    Sha256Hash LeafHash,
    int Disclosed,
    int Erased,
    ExportProblemKind? Problem = null,
    string? Reason = null
);

/// <summary>Checks rows one after the other. Each thread needs its own.</summary>
internal sealed class RowCheck
{
    private readonly ExportRowReader _row = new();
    private readonly List<ReadOnlyMemory<byte>> _digests = [];

    /// <param name="line">Without its line feed.</param>
    public CheckedRow Check(ReadOnlySpan<byte> line)
    {
        if (!_row.TryRead(line))
            return Problem(ExportProblemKind.Form, "the row is not in the form of an export");
        if (!LeafMembers.TryRead(_row.Leaf.Span, out var leaf))
            return Problem(ExportProblemKind.Form, "the leaf is not a JSON object with hashes");
        if (!Has(_row.Data, leaf.Data))
            return Problem(ExportProblemKind.Changed, "the data is not what the leaf commits to");
        if (!Has(_row.Headers, leaf.Headers))
            return Problem(ExportProblemKind.Changed, "the headers are not what the leaf commits to");

        _digests.Clear();
        if (!Find(_row.Data) || !Find(_row.Headers))
            return Problem(ExportProblemKind.Form, "a member '_sd' is not a list of digests");
        var all = _digests.Count;
        foreach (var disclosure in _row.Disclosures)
        {
            if (!Take(disclosure.Span))
                return Problem(ExportProblemKind.Disclosure, "a disclosure is not one of this event");
        }

        return new(_row.Index, TreeHash.Leaf(_row.Leaf.Span), all - _digests.Count, _digests.Count);
    }

    private static CheckedRow Problem(ExportProblemKind kind, string reason) => new(-1, default, 0, 0, kind, reason);

    private bool Find(ReadOnlyMemory<byte>? json) => json is null || DigestScan.TryFind(json.Value, _digests);

    /// <summary>Whether both are there, or neither is, and the hash of the bytes is the one of the leaf.</summary>
    private static bool Has(ReadOnlyMemory<byte>? bytes, ReadOnlySpan<byte> expected)
    {
        if (bytes is null)
            return expected.IsEmpty;
        Span<byte> hash = stackalloc byte[Sha256Hash.Length];
        SHA256.HashData(bytes.Value.Span, hash);
        Span<byte> hex = stackalloc byte[2 * Sha256Hash.Length];
        return Convert.TryToHexStringLower(hash, hex, out _) && expected.SequenceEqual(hex);
    }

    private bool Take(ReadOnlySpan<byte> disclosure)
    {
        Span<byte> hash = stackalloc byte[Sha256Hash.Length];
        SHA256.HashData(disclosure, hash);
        Span<byte> digest = stackalloc byte[Base64Url.GetEncodedLength(Sha256Hash.Length)];
        Base64Url.EncodeToUtf8(hash, digest);
        for (var i = 0; i < _digests.Count; i++)
        {
            if (!_digests[i].Span.SequenceEqual(digest))
                continue;
            _digests.RemoveAt(i);
            return true;
        }

        return false;
    }
}
