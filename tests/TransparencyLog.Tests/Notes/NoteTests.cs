using System.Security.Cryptography;
using JitFunctions.TransparencyLog.Notes;

namespace JitFunctions.TransparencyLog.Tests.Notes;

public sealed class NoteTests
{
    private const string Text = "log.example.com\nline\n";

    [Fact]
    public async Task A_note_signed_twice_is_verified_by_either_key_and_by_both()
    {
        var (ed25519, ecdsa) = Signers();
        var note = SignedNote.Parse((await NoteSigning.SignAsync(Text, [ecdsa, ed25519], Cancel)).ToString());

        Assert.Equal(["log.example.com", "log.example.com"], note.Signatures.Select(one => one.KeyName));
        Assert.True(note.Verify([ed25519.Key]).IsTrusted);
        Assert.True(note.Verify([ecdsa.Key]).IsTrusted);
        Assert.Equal(2, note.Verify([ed25519.Key, ecdsa.Key]).Valid.Count);
    }

    [Fact]
    public async Task A_signature_of_an_unknown_key_counts_for_nothing()
    {
        var note = await NoteSigning.SignAsync(Text, [Signers().Ed25519], Cancel);
        var other = new Ed25519NoteSigner("log.example.com", Ed25519Key.Generate());

        var verification = note.Verify([other.Key]);

        Assert.Equal((false, 0, 0), (verification.IsTrusted, verification.Valid.Count, verification.Invalid.Count));
    }

    [Fact]
    public async Task One_wrong_signature_of_a_trusted_key_makes_the_whole_note_untrusted()
    {
        var (ed25519, ecdsa) = Signers();
        var note = await NoteSigning.SignAsync(Text, [ecdsa, ed25519], Cancel);
        byte[] wrong = [.. note.Signatures[0].Signature];
        wrong[^1] ^= 1;
        var changed = note with { Signatures = [note.Signatures[0] with { Signature = wrong }, note.Signatures[1]] };

        Assert.False(changed.Verify([ed25519.Key, ecdsa.Key]).IsTrusted);
        Assert.True(changed.Verify([ed25519.Key]).IsTrusted); // the other key is not known then
    }

    [Fact]
    public async Task R_and_s_of_a_key_vault_are_no_signature_until_they_are_der()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var verifier = VerifierKey.Of("log", SignatureType.Ecdsa, key.ExportSubjectPublicKeyInfo());
        var note = await NoteSigning.SignAsync(Text, [], Cancel);
        var text = System.Text.Encoding.UTF8.GetBytes(Text);
        // r or s begins with a zero, or with a bit that DER takes for a sign, in most of so many.
        for (var i = 0; i < 300; i++)
        {
            var fixedFields = key.SignData(text, HashAlgorithmName.SHA256);
            var der = EcdsaSignature.ToDer(fixedFields);

            Assert.True(note.With(new("log", verifier.Id, der)).Verify([verifier]).IsTrusted);
            Assert.False(note.With(new("log", verifier.Id, fixedFields)).Verify([verifier]).IsTrusted);
        }

        Assert.Throws<ArgumentException>(() => EcdsaSignature.ToDer(new byte[63]));
    }

    [Fact]
    public void A_cosignature_has_the_time_in_it()
    {
        var cosigner = new Cosigner("witness.example.com/w1", Ed25519Key.Generate());
        var at = new DateTimeOffset(2026, 11, 23, 8, 5, 7, 891, TimeSpan.Zero);

        var note = new SignedNote(Text, [cosigner.Sign(Text, at)]);

        var valid = Assert.Single(note.Verify([VerifierKey.Parse(cosigner.Key.ToString())]).Valid);
        Assert.Equal(new DateTimeOffset(2026, 11, 23, 8, 5, 7, TimeSpan.Zero), valid.CosignedAt);
        for (var i = 0; i < note.Signatures[0].Signature.Length; i++)
        {
            byte[] wrong = [.. note.Signatures[0].Signature];
            wrong[i] ^= 0x40;
            Assert.False(
                (note with { Signatures = [note.Signatures[0] with { Signature = wrong }] })
                    .Verify([cosigner.Key])
                    .IsTrusted
            );
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("text\n")]
    [InlineData("text\n\n")]
    [InlineData("text\n\n— a AAAAAAE=")]
    [InlineData("text\n— a AAAAAAE=\n")]
    [InlineData("text\n\n- a AAAAAAE=\n")]
    [InlineData("text\n\n—  AAAAAAE=\n")]
    [InlineData("text\n\n— a AAAAAAE= \n")]
    [InlineData("text\n\n— a  AAAAAAE=\n")]
    [InlineData("text\n\n— a+b AAAAAAE=\n")]
    [InlineData("text\n\n— a\u00a0b AAAAAAE=\n")]
    [InlineData("text\n\n— a AAAAAA==\n")] // no byte after the key ID
    [InlineData("text\n\n— a AAAAAAF=\n")] // a bit after the last byte
    [InlineData("text\n\n— a AAAAAAE\n")]
    [InlineData("text\n\n— a AAAAAAE=\nmore\n")]
    [InlineData("te\txt\n\n— a AAAAAAE=\n")]
    [InlineData("text\r\n\r\n— a AAAAAAE=\r\n")]
    [InlineData("text\0\n\n— a AAAAAAE=\n")]
    public void What_is_not_a_note_is_refused(string text) =>
        Assert.Throws<FormatException>(() => SignedNote.Parse(text));

    [Fact]
    public void A_note_is_split_at_its_last_empty_line_and_is_utf8()
    {
        var note = SignedNote.Parse("a\n\nb\n\n— ü AAAAAAE=\n"u8);

        Assert.Equal(("a\n\nb\n", "ü"), (note.Text, Assert.Single(note.Signatures).KeyName));
        Assert.Throws<FormatException>(() => SignedNote.Parse([.. "a"u8, 0xff, .. "\n\n— a AAAAAAE=\n"u8]));
        Assert.Throws<FormatException>(() => SignedNote.Parse(new byte[SignedNote.MostBytes + 1]));
    }

    [Theory]
    [InlineData(16, true)]
    [InlineData(SignedNote.MostSignatures, true)]
    [InlineData(SignedNote.MostSignatures + 1, false)]
    public void A_note_has_a_limit_of_signatures(int count, bool isRead)
    {
        var note = $"text\n\n{string.Concat(Enumerable.Repeat("— a AAAAAAE=\n", count))}";
        if (isRead)
            Assert.Equal(count, SignedNote.Parse(note).Signatures.Count);
        else
            Assert.Throws<FormatException>(() => SignedNote.Parse(note));
    }

    [Theory]
    [InlineData("no line feed")]
    [InlineData("an\n\nempty line\n")]
    [InlineData("\nbegins with an empty line\n")]
    [InlineData("a\ttab\n")]
    public async Task What_some_verifiers_would_read_in_another_way_is_not_signed(string text) =>
        await Assert.ThrowsAsync<FormatException>(() => NoteSigning.SignAsync(text, [Signers().Ed25519], Cancel));

    [Fact]
    public async Task Half_of_a_surrogate_pair_is_not_signed() =>
        await Assert.ThrowsAsync<FormatException>(() =>
            NoteSigning.SignAsync("half \ud800 a pair\n", [Signers().Ed25519], Cancel)
        );

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static (Ed25519NoteSigner Ed25519, EcdsaNoteSigner Ecdsa) Signers() =>
        (
            new("log.example.com", Ed25519Key.Generate()),
            new("log.example.com", ECDsa.Create(ECCurve.NamedCurves.nistP256))
        );
}
