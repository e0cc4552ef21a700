using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using JitFunctions.TransparencyLog.Text;

namespace JitFunctions.TransparencyLog.Notes;

/// <summary>A public key with its name and type, written as <c>name+id+base64</c> (a "vkey").</summary>
public sealed class VerifierKey
{
    private readonly byte[] _publicKey;

    private VerifierKey(string name, SignatureType type, byte[] publicKey)
    {
        (Name, Type, _publicKey) = (name, type, publicKey);
        // The ID of an ECDSA key does not depend on its name: Rekor and the witnesses of transparency-dev do it so.
        Id =
            type is SignatureType.Ecdsa
                ? First(publicKey)
                : First([.. StrictUtf8.GetBytes(name), (byte)'\n', (byte)type, .. publicKey]);
    }

    public string Name { get; }

    public SignatureType Type { get; }

    /// <summary>The key ID in signature lines.</summary>
    public uint Id { get; }

    /// <summary>32 bytes for Ed25519 and cosignatures; a DER SubjectPublicKeyInfo for ECDSA.</summary>
    public ReadOnlySpan<byte> PublicKey => _publicKey;

    /// <exception cref="ArgumentException">The name cannot be in a note.</exception>
    /// <exception cref="FormatException">The bytes are not a key of this type.</exception>
    public static VerifierKey Of(string name, SignatureType type, ReadOnlySpan<byte> publicKey)
    {
        KeyNames.Check(name);
        switch (type)
        {
            case SignatureType.Ed25519 or SignatureType.Cosignature:
                Ed25519Signature.CheckPublicKey(publicKey);
                break;
            case SignatureType.Ecdsa:
                EcdsaSignature.CheckPublicKey(publicKey);
                break;
            default:
                throw new FormatException($"Signature type 0x{(byte)type:x2} is not supported.");
        }

        return new(name, type, publicKey.ToArray());
    }

    /// <exception cref="FormatException">
    /// It is not a vkey of a supported type, or its ID is not that of the key.
    /// </exception>
    public static VerifierKey Parse(string vkey)
    {
        // Base64 may have further '+'.
        if (vkey.Split('+', 3) is not [var name, { Length: 8 } id, var text] || !KeyNames.IsValid(name))
            throw new FormatException("A verifier key has the form NAME+ID+BASE64, with an ID of eight digits.");
        if (!StrictBase64.TryDecode(text, out var bytes) || bytes is [])
            throw new FormatException("The last part of a verifier key is base64.");
        var key = Of(name, (SignatureType)bytes[0], bytes.AsSpan(1));
        if (id != NoteSignature.Hex(key.Id))
            throw new FormatException(
                $"The verifier key has the ID {id}, but its bytes have {NoteSignature.Hex(key.Id)}."
            );
        return key;
    }

    /// <param name="text">UTF-8, with its last line feed.</param>
    /// <returns>Null if the signature is not of this key and this text.</returns>
    public VerifiedSignature? Verify(ReadOnlySpan<byte> text, ReadOnlySpan<byte> signature) =>
        Type switch
        {
            SignatureType.Ed25519 => Ed25519Signature.Verify(_publicKey, text, signature) ? new(this) : null,
            SignatureType.Ecdsa => EcdsaSignature.Verify(_publicKey, text, signature) ? new(this) : null,
            _ => Cosignature.Verify(_publicKey, text, signature) is { } time ? new(this, time) : null,
        };

    /// <summary>Whether both wrap the same key, whatever their names and types.</summary>
    public bool HasSameBytesAs(VerifierKey other) => _publicKey.AsSpan().SequenceEqual(other._publicKey);

    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Name}+{NoteSignature.Hex(Id)}+{Convert.ToBase64String([(byte)Type, .. _publicKey])}"
        );

    private static uint First(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(bytes));
}
