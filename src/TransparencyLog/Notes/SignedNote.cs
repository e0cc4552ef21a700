using System.Text;
using JitFunctions.TransparencyLog.Text;

namespace JitFunctions.TransparencyLog.Notes;

/// <summary>
/// A text with signatures (C2SP signed-note). Nothing in the text may be believed before
/// <see cref="Verify"/> found a signature of a trusted key.
/// </summary>
/// <param name="Text">It ends in a line feed.</param>
/// <param name="Signatures">At least one in a note that was parsed.</param>
public sealed record SignedNote(string Text, IReadOnlyList<NoteSignature> Signatures)
{
    /// <summary>The specification asks for at least 16.</summary>
    public const int MostSignatures = 64;

    /// <summary>The longest note that is read, in bytes: the signatures of 64 post-quantum keys fit.</summary>
    public const int MostBytes = 512 * 1024;

    /// <exception cref="FormatException">It is not a signed note.</exception>
    public static SignedNote Parse(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > MostBytes)
            throw new FormatException($"A note of more than {MostBytes} bytes is not read.");
        return Parse(StrictUtf8.GetString(utf8));
    }

    /// <exception cref="FormatException">It is not a signed note.</exception>
    public static SignedNote Parse(string note)
    {
        if (note.Any(c => c < ' ' && c is not '\n'))
            throw new FormatException("A note has no control characters but line feeds.");
        var end = note.LastIndexOf("\n\n", StringComparison.Ordinal);
        if (end < 0 || !note.EndsWith('\n'))
            throw new FormatException("A note is a text, an empty line and signature lines, each with a line feed.");
        var lines = note[(end + 2)..].Split('\n')[..^1];
        if (lines.Length is 0 or > MostSignatures)
            throw new FormatException($"A note has 1 to {MostSignatures} signatures, not {lines.Length}.");
        return new(note[..(end + 1)], [.. lines.Select(NoteSignature.Parse)]);
    }

    /// <summary>The same text with one more signature.</summary>
    public SignedNote With(NoteSignature signature) => this with { Signatures = [.. Signatures, signature] };

    /// <summary>
    /// Checks the signatures of the keys that are trusted, and ignores all others, as the specification says.
    /// </summary>
    public NoteVerification Verify(IReadOnlyCollection<VerifierKey> trusted)
    {
        var (valid, invalid) = (new List<VerifiedSignature>(), new List<NoteSignature>());
        var text = StrictUtf8.GetBytes(Text);
        foreach (var signature in Signatures)
        {
            // Two keys of one name can have the same ID by chance.
            var keys = trusted.Where(key => key.Name == signature.KeyName && key.Id == signature.KeyId).ToList();
            var verified = keys.Select(key => key.Verify(text, signature.Signature))
                .FirstOrDefault(one => one is not null);
            if (verified is not null)
                valid.Add(verified);
            else if (keys is not [])
                invalid.Add(signature);
        }

        return new(valid, invalid);
    }

    public override string ToString()
    {
        var note = new StringBuilder(Text).Append('\n');
        foreach (var signature in Signatures)
            note.Append(signature).Append('\n');
        return note.ToString();
    }
}
