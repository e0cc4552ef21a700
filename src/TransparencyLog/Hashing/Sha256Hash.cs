using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using JitFunctions.TransparencyLog.Text;

namespace JitFunctions.TransparencyLog.Hashing;

/// <summary>A SHA-256 hash: 32 bytes, as a value that can be compared. The default value is 32 zero bytes.</summary>
public readonly record struct Sha256Hash
{
    /// <summary>The length in bytes.</summary>
    public const int Length = 32;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    private readonly UInt128 _first;
    private readonly UInt128 _last;

    /// <exception cref="ArgumentException">There are not exactly 32 bytes.</exception>
    public Sha256Hash(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length)
            throw new ArgumentException($"A SHA-256 hash has {Length} bytes, not {bytes.Length}.", nameof(bytes));
        _first = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        _last = BinaryPrimitives.ReadUInt128BigEndian(bytes[16..]);
    }

    /// <summary>The hash of these bytes, without any prefix.</summary>
    public static Sha256Hash Of(ReadOnlySpan<byte> data)
    {
        Span<byte> hash = stackalloc byte[Length];
        SHA256.HashData(data, hash);
        return new(hash);
    }

    /// <summary>Reads standard base64 with padding: 44 characters.</summary>
    public static bool TryParseBase64([NotNullWhen(true)] string? text, out Sha256Hash hash)
    {
        if (text is { Length: 44 } && StrictBase64.TryDecode(text, out var bytes) && bytes.Length == Length)
        {
            hash = new(bytes);
            return true;
        }

        hash = default;
        return false;
    }

    /// <summary>Reads 64 lower-case hexadecimal digits.</summary>
    public static bool TryParseHex([NotNullWhen(true)] string? text, out Sha256Hash hash)
    {
        hash = default;
        if (text is not { Length: 2 * Length } || text.AsSpan().ContainsAnyExcept(HexDigits))
            return false;
        hash = new(Convert.FromHexString(text));
        return true;
    }

    /// <exception cref="ArgumentException">There is no room for 32 bytes.</exception>
    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt128BigEndian(destination, _first);
        BinaryPrimitives.WriteUInt128BigEndian(destination[16..], _last);
    }

    public byte[] ToArray()
    {
        var bytes = new byte[Length];
        CopyTo(bytes);
        return bytes;
    }

    public string ToBase64()
    {
        Span<byte> bytes = stackalloc byte[Length];
        CopyTo(bytes);
        return Convert.ToBase64String(bytes);
    }

    /// <summary>64 lower-case hexadecimal digits.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Length];
        CopyTo(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}
