using System.Buffers.Binary;
using System.Text;
using JitFunctions.TransparencyLog.Text;

namespace JitFunctions.TransparencyLog.Notes;

/// <summary>
/// A witness's signature (C2SP tlog-cosignature, Ed25519): eight bytes of time, big-endian seconds since 1970, and 64
/// of signature. It states that at that time this was the largest consistent tree that the witness had seen.
/// </summary>
internal static class Cosignature
{
    private const int TimeLength = 8;

    // The last second that a DateTimeOffset can hold: a later one is no time of a witness.
    private static readonly long Last = DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    /// <summary>The time, or null if the signature is wrong.</summary>
    public static DateTimeOffset? Verify(byte[] publicKey, ReadOnlySpan<byte> text, ReadOnlySpan<byte> signature)
    {
        if (signature.Length < TimeLength)
            return null;
        var seconds = BinaryPrimitives.ReadUInt64BigEndian(signature);
        return
            seconds <= (ulong)Last
            && Ed25519Signature.Verify(publicKey, Message((long)seconds, text), signature[TimeLength..])
            ? DateTimeOffset.FromUnixTimeSeconds((long)seconds)
            : null;
    }

    public static byte[] Sign(byte[] privateKey, ReadOnlySpan<byte> text, DateTimeOffset at)
    {
        var seconds = at.ToUnixTimeSeconds();
        ArgumentOutOfRangeException.ThrowIfNegative(seconds, nameof(at));
        var signature = new byte[TimeLength];
        BinaryPrimitives.WriteUInt64BigEndian(signature, (ulong)seconds);
        return [.. signature, .. Ed25519Signature.Sign(privateKey, Message(seconds, text))];
    }

    private static byte[] Message(long seconds, ReadOnlySpan<byte> text) =>
        [.. Encoding.ASCII.GetBytes($"cosignature/v1\ntime {StrictDecimal.Format(seconds)}\n"), .. text];
}
