using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;

namespace JitFunctions.TransparencyLog.Notes;

/// <summary>ECDSA on P-256 with SHA-256. In notes its signatures are ASN.1 DER.</summary>
public static class EcdsaSignature
{
    private const string P256 = "1.2.840.10045.3.1.7";
    private const int FieldLength = 32;

    /// <summary>
    /// Turns r and s of 32 bytes each, which JOSE and Azure Key Vault give for ES256, into DER. Without that, verifiers
    /// of notes refuse the signature.
    /// </summary>
    /// <exception cref="ArgumentException">There are not exactly 64 bytes.</exception>
    public static byte[] ToDer(ReadOnlySpan<byte> fixedFields)
    {
        if (fixedFields.Length != 2 * FieldLength)
            throw new ArgumentException($"r and s have {2 * FieldLength} bytes, not {fixedFields.Length}.");
        var der = new AsnWriter(AsnEncodingRules.DER);
        using (der.PushSequence())
        {
            der.WriteInteger(new BigInteger(fixedFields[..FieldLength], isUnsigned: true, isBigEndian: true));
            der.WriteInteger(new BigInteger(fixedFields[FieldLength..], isUnsigned: true, isBigEndian: true));
        }

        return der.Encode();
    }

    /// <exception cref="FormatException">The bytes are not a P-256 key.</exception>
    internal static void CheckPublicKey(ReadOnlySpan<byte> publicKey)
    {
        using var key = ECDsa.Create();
        try
        {
            key.ImportSubjectPublicKeyInfo(publicKey, out _);
            CheckCurve(key);
        }
        catch (CryptographicException e)
        {
            throw new FormatException("The bytes are not an ECDSA public key.", e);
        }

        // Another spelling of the same key would have another key ID.
        if (!key.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(publicKey))
            throw new FormatException("The bytes are not exactly one ECDSA public key.");
    }

    /// <exception cref="FormatException">The key is on another curve.</exception>
    internal static void CheckCurve(ECDsa key)
    {
        if (key.ExportParameters(includePrivateParameters: false).Curve.Oid.Value is not P256)
            throw new FormatException("The ECDSA key is not on the curve P-256.");
    }

    internal static bool Verify(byte[] publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(publicKey, out _);
        return key.VerifyData(message, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
    }
}
