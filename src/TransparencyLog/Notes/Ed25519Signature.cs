using Org.BouncyCastle.Math.EC.Rfc8032;

namespace JitFunctions.TransparencyLog.Notes;

/// <summary>Ed25519 (RFC 8032), which .NET does not have.</summary>
internal static class Ed25519Signature
{
    /// <exception cref="FormatException">
    /// The bytes are not a point of the curve, or one that anybody can sign for.
    /// </exception>
    public static void CheckPublicKey(ReadOnlySpan<byte> publicKey)
    {
        if (publicKey.Length != Ed25519.PublicKeySize || !Ed25519.ValidatePublicKeyFull(publicKey))
            throw new FormatException("The bytes are not an Ed25519 public key.");
    }

    public static bool Verify(byte[] publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) =>
        signature.Length == Ed25519.SignatureSize
        && Ed25519.Verify(signature.ToArray(), 0, publicKey, 0, message.ToArray(), 0, message.Length);

    public static byte[] Sign(byte[] privateKey, byte[] message)
    {
        var signature = new byte[Ed25519.SignatureSize];
        Ed25519.Sign(privateKey, 0, message, 0, message.Length, signature, 0);
        return signature;
    }

    public static byte[] PublicKeyOf(byte[] privateKey)
    {
        var publicKey = new byte[Ed25519.PublicKeySize];
        Ed25519.GeneratePublicKey(privateKey, 0, publicKey, 0);
        return publicKey;
    }
}
