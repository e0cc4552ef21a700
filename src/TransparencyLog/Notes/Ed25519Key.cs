using System.Formats.Asn1;
using System.Security.Cryptography;

namespace JitFunctions.TransparencyLog.Notes;

/// <summary>An Ed25519 private key. Its file is PKCS #8 in PEM (RFC 8410), which OpenSSL reads and writes.</summary>
public sealed class Ed25519Key
{
    private const string Label = "PRIVATE KEY";
    private const string Algorithm = "1.3.101.112";
    private const int SeedLength = 32;

    private readonly byte[] _seed;

    private Ed25519Key(byte[] seed) => _seed = seed;

    public static Ed25519Key Generate() => new(RandomNumberGenerator.GetBytes(SeedLength));

    /// <param name="seed">The 32 bytes that RFC 8032 calls the private key.</param>
    /// <exception cref="ArgumentException">There are not exactly 32 bytes.</exception>
    public static Ed25519Key FromSeed(ReadOnlySpan<byte> seed) =>
        seed.Length == SeedLength
            ? new(seed.ToArray())
            : throw new ArgumentException($"An Ed25519 private key has {SeedLength} bytes, not {seed.Length}.");

    /// <exception cref="FormatException">
    /// It is not the PEM file of an Ed25519 private key without a password.
    /// </exception>
    public static Ed25519Key FromPem(string pem)
    {
        if (!PemEncoding.TryFind(pem, out var fields) || pem[fields.Label] is not Label)
            throw new FormatException($"The file has no '{Label}' in PEM form.");
        try
        {
            var key = new AsnReader(
                Convert.FromBase64String(pem[fields.Base64Data]),
                AsnEncodingRules.DER
            ).ReadSequence();
            key.ReadInteger(); // the version: 0, or 1 if the public key follows
            if (key.ReadSequence().ReadObjectIdentifier() is not Algorithm)
                throw new FormatException("The private key is not an Ed25519 key.");
            var seed = new AsnReader(key.ReadOctetString(), AsnEncodingRules.DER).ReadOctetString();
            return seed.Length == SeedLength ? new(seed) : throw new FormatException("The Ed25519 key is too short.");
        }
        catch (AsnContentException e)
        {
            throw new FormatException("The private key is not PKCS #8.", e);
        }
    }

    /// <summary>Secret. The file has to be readable for its owner only.</summary>
    public string ToPem()
    {
        var seed = new AsnWriter(AsnEncodingRules.DER);
        seed.WriteOctetString(_seed);
        var key = new AsnWriter(AsnEncodingRules.DER);
        using (key.PushSequence())
        {
            key.WriteInteger(0);
            using (key.PushSequence())
                key.WriteObjectIdentifier(Algorithm);
            key.WriteOctetString(seed.Encode());
        }

        return PemEncoding.WriteString(Label, key.Encode()) + "\n";
    }

    public override string ToString() => "an Ed25519 private key";

    internal byte[] PublicKey() => Ed25519Signature.PublicKeyOf(_seed);

    internal byte[] Sign(byte[] message) => Ed25519Signature.Sign(_seed, message);

    internal byte[] Cosign(ReadOnlySpan<byte> text, DateTimeOffset at) => Cosignature.Sign(_seed, text, at);
}
