using JitFunctions.TransparencyLog.Text;

namespace JitFunctions.TransparencyLog.Notes;

public static class NoteSigning
{
    /// <summary>A note with a signature of each of these, in this order.</summary>
    /// <exception cref="FormatException">The text does not end in a line feed, or has characters that a note may not
    /// have, or an empty line: some verifiers take the first empty line for the end of the text.</exception>
    public static async Task<SignedNote> SignAsync(
        string text,
        IEnumerable<INoteSigner> signers,
        CancellationToken cancellation = default
    )
    {
        if (!text.EndsWith('\n') || text.Any(c => c < ' ' && c is not '\n') || $"\n{text}".Contains("\n\n"))
            throw new FormatException("The text of a note is lines that are not empty, without control characters.");
        var bytes = StrictUtf8.GetBytes(text);
        var note = new SignedNote(text, []);
        foreach (var signer in signers)
        {
            var signature = await signer.SignAsync(bytes, cancellation);
            note = note.With(new(signer.Key.Name, signer.Key.Id, signature));
        }

        return note;
    }
}
