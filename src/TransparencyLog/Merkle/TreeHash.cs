using System.Buffers;
using System.Security.Cryptography;
using JitFunctions.TransparencyLog.Hashing;

namespace JitFunctions.TransparencyLog.Merkle;

/// <summary>
/// The hashes of a Merkle tree as in RFC 6962, section 2.1. The prefixes keep a leaf from passing for a node.
/// </summary>
public static class TreeHash
{
    private const byte LeafPrefix = 0;
    private const byte NodePrefix = 1;
    private const int OnStack = 2048;

    /// <summary>The root of a tree without leaves: the hash of no bytes.</summary>
    public static Sha256Hash Empty { get; } = Sha256Hash.Of([]);

    /// <summary>SHA-256 of 0x00 and the bytes of the entry.</summary>
    public static Sha256Hash Leaf(ReadOnlySpan<byte> entry)
    {
        var rented = entry.Length < OnStack ? null : ArrayPool<byte>.Shared.Rent(entry.Length + 1);
        var input = rented ?? stackalloc byte[OnStack];
        input = input[..(entry.Length + 1)];
        input[0] = LeafPrefix;
        entry.CopyTo(input[1..]);
        var hash = Sha256Hash.Of(input);
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented);
        return hash;
    }

    /// <summary>SHA-256 of 0x01 and the two hashes.</summary>
    public static Sha256Hash Node(Sha256Hash left, Sha256Hash right)
    {
        Span<byte> input = stackalloc byte[1 + (2 * Sha256Hash.Length)];
        input[0] = NodePrefix;
        left.CopyTo(input[1..]);
        right.CopyTo(input[(1 + Sha256Hash.Length)..]);
        Span<byte> hash = stackalloc byte[Sha256Hash.Length];
        SHA256.HashData(input, hash);
        return new(hash);
    }
}
