using System.Security.Cryptography;
using JitFunctions.TransparencyLog.Notes;

namespace JitFunctions.TransparencyLog.Tests.Notes;

public sealed class KeyTests
{
    // RFC 8410, section 10.3: the second has the public key and an attribute behind the private key.
    private const string Rfc8410 = """
        -----BEGIN PRIVATE KEY-----
        MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
        -----END PRIVATE KEY-----
        """;

    private const string Rfc8410WithPublicKey = """
        -----BEGIN PRIVATE KEY-----
        MHICAQEwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
        oB8wHQYKKoZIhvcNAQkJFDEPDA1DdXJkbGUgQ2hhaXJzgSEAGb9ECWmEzf6FQbrB
        Z9w7lshQhqowtrbLDFw4rXAxZuE=
        -----END PRIVATE KEY-----
        """;

    [Theory]
    [InlineData(Rfc8410)]
    [InlineData(Rfc8410WithPublicKey)]
    public void The_ed25519_keys_of_rfc_8410_are_read(string pem) =>
        Assert.Equal(
            "19bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1",
            Convert.ToHexStringLower(new Ed25519NoteSigner("a", Ed25519Key.FromPem(pem)).Key.PublicKey)
        );

    [Fact]
    public void An_ed25519_key_is_written_as_openssl_writes_it()
    {
        Assert.Equal(Rfc8410 + "\n", Ed25519Key.FromPem(Rfc8410).ToPem());
        Assert.DoesNotContain("INTuctv5", Ed25519Key.FromPem(Rfc8410).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_p256_key_is_read_from_both_forms_of_its_file()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var pkcs8 = EcdsaNoteSigner.FromPem("a", key.ExportPkcs8PrivateKeyPem());
        using var sec1 = EcdsaNoteSigner.FromPem("a", key.ExportECPrivateKeyPem());

        Assert.Equal(key.ExportSubjectPublicKeyInfo(), pkcs8.Key.PublicKey.ToArray());
        Assert.Equal(pkcs8.Key.ToString(), sec1.Key.ToString());
    }

    [Fact]
    public void The_file_of_another_key_is_refused()
    {
        using var p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var p256 = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        Assert.Throws<FormatException>(() => EcdsaNoteSigner.FromPem("a", p384.ExportPkcs8PrivateKeyPem()));
        Assert.Throws<FormatException>(() => EcdsaNoteSigner.FromPem("a", Rfc8410));
        Assert.Throws<FormatException>(() => EcdsaNoteSigner.FromPem("a", "no key"));
        Assert.Throws<FormatException>(() => Ed25519Key.FromPem(p256.ExportPkcs8PrivateKeyPem()));
        Assert.Throws<FormatException>(() => Ed25519Key.FromPem(p256.ExportECPrivateKeyPem()));
        Assert.Throws<FormatException>(() => Ed25519Key.FromPem("no key"));
        Assert.Throws<ArgumentException>(() => Ed25519Key.FromSeed(new byte[31]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("example.com/foo")]
    [InlineData("example.com/foo+530d903a")]
    [InlineData("example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")] // another ID
    [InlineData("example.com/fop+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")] // another name
    [InlineData("example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")]
    [InlineData("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2")]
    [InlineData("example.com/foo+530d903a+BekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")] // type 0x05
    [InlineData("example.com/foo+530d903a+")]
    [InlineData("+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")]
    [InlineData("a b+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")]
    public void What_is_not_a_verifier_key_is_refused(string text) =>
        Assert.Throws<FormatException>(() => VerifierKey.Parse(text));

    [Fact]
    public void Bytes_that_are_no_key_of_their_type_are_refused()
    {
        using var p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var p256 = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        byte[] longer = [.. p256.ExportSubjectPublicKeyInfo(), 0];

        Refused(SignatureType.Ecdsa, p384.ExportSubjectPublicKeyInfo());
        Refused(SignatureType.Ecdsa, longer);
        Refused(SignatureType.Ecdsa, new byte[91]);
        Refused(SignatureType.Ed25519, new byte[31]);
        // The point of order 1: every signature of it verifies for some message.
        Refused(SignatureType.Ed25519, [1, .. new byte[31]]);
        Refused(SignatureType.Cosignature, [1, .. new byte[31]]);
        Refused((SignatureType)0x06, new byte[1312]);
        Assert.Throws<ArgumentException>(() => VerifierKey.Of("a b", SignatureType.Ed25519, new byte[32]));

        static void Refused(SignatureType type, byte[] bytes) =>
            Assert.Throws<FormatException>(() => VerifierKey.Of("a", type, bytes));
    }
}
