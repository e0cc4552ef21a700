using JitFunctions.TransparencyLog.Notes;

namespace JitFunctions.TransparencyLog.Tests.Notes;

public sealed class NoteVectorTests
{
    private const string Vkey = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

    private const string Note = """
        This is an example message.

        — example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=

        """;

    [Fact]
    public void The_ed25519_vector_of_signed_note_is_verified()
    {
        var key = VerifierKey.Parse(Vkey);

        var verification = SignedNote.Parse(Note).Verify([key]);

        Assert.True(verification.IsTrusted);
        Assert.Equal(new VerifiedSignature(key), Assert.Single(verification.Valid));
        Assert.Equal(Vkey, key.ToString());
        Assert.Equal(Note, SignedNote.Parse(Note).ToString());
    }

    [Fact]
    public void Any_changed_character_of_the_vector_is_refused()
    {
        var key = VerifierKey.Parse(Vkey);
        for (var i = 0; i < Note.Length; i++)
        {
            var changed = Note[..i] + (char)(Note[i] ^ 1) + Note[(i + 1)..];
            bool isTrusted;
            try
            {
                isTrusted = SignedNote.Parse(changed).Verify([key]).IsTrusted;
            }
            catch (FormatException)
            {
                isTrusted = false;
            }

            Assert.False(isTrusted, changed);
        }
    }

    [Fact]
    public void The_ecdsa_vector_has_an_id_of_the_key_alone()
    {
        const string Rekor =
            "rekor.sigstore.dev+c0d23d6a+AjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABNhtmPtrWm3U1eQXBogSMdGvXwBcK5AW5i0h"
            + "rZLOC96l+smGNM7nwZ4QvFK/4sueRoVj//QP22Ni4Qt9DPfkWLc=";

        var key = VerifierKey.Parse(Rekor);

        Assert.Equal((SignatureType.Ecdsa, 0xc0d23d6a), (key.Type, key.Id));
        Assert.Equal(Rekor, key.ToString());
        Assert.Equal(key.Id, VerifierKey.Of("another", SignatureType.Ecdsa, key.PublicKey).Id);
    }

    [Fact]
    public void The_line_of_a_cosignature_is_read()
    {
        const string Line =
            "— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5"
            + "nNo0xUe+mbIUBkBIfZ+qnA==";

        var signature = NoteSignature.Parse(Line);

        Assert.Equal((0x8d66cf3f, 72), (signature.KeyId, signature.Signature.Length));
        Assert.Equal("00000000641850cb", Convert.ToHexStringLower(signature.Signature[..8]));
        Assert.Equal(Line, signature.ToString());
    }
}
