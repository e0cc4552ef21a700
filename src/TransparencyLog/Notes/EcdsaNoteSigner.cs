using System.Security.Cryptography;

namespace JitFunctions.TransparencyLog.Notes;

/// <summary>Signs with a P-256 key of this process.</summary>
public sealed class EcdsaNoteSigner : INoteSigner, IDisposable
{
    private readonly ECDsa _key;

    /// <param name="name">For a log: its origin.</param>
    /// <param name="key">This disposes of it.</param>
    /// <exception cref="FormatException">The key is on another curve.</exception>
    public EcdsaNoteSigner(string name, ECDsa key)
    {
        EcdsaSignature.CheckCurve(key);
        (_key, Key) = (key, VerifierKey.Of(name, SignatureType.Ecdsa, key.ExportSubjectPublicKeyInfo()));
    }

    public VerifierKey Key { get; }

    /// <param name="pem">PKCS #8 or SEC 1, without a password.</param>
    /// <exception cref="FormatException">It is not the file of a P-256 private key.</exception>
    public static EcdsaNoteSigner FromPem(string name, string pem)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            return new(name, key);
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException or FormatException)
        {
            key.Dispose();
            throw new FormatException("The file has no P-256 private key in PEM form.", e);
        }
    }

    public Task<byte[]> SignAsync(ReadOnlyMemory<byte> text, CancellationToken cancellation = default) =>
        Task.FromResult(_key.SignData(text.Span, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));

    public void Dispose() => _key.Dispose();
}
