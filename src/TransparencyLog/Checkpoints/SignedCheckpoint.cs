using JitFunctions.TransparencyLog.Notes;

namespace JitFunctions.TransparencyLog.Checkpoints;

/// <summary>A checkpoint with signatures of its log, and perhaps of witnesses, that are not yet verified.</summary>
public sealed record SignedCheckpoint(Checkpoint Checkpoint, SignedNote Note)
{
    /// <exception cref="FormatException">It is not a signed checkpoint.</exception>
    public static SignedCheckpoint Parse(string note) => Of(SignedNote.Parse(note));

    /// <exception cref="FormatException">It is not a signed checkpoint.</exception>
    public static SignedCheckpoint Parse(ReadOnlySpan<byte> note) => Of(SignedNote.Parse(note));

    /// <param name="signers">Those of the log: their names have to be the origin.</param>
    /// <exception cref="ArgumentException">A signer has another name.</exception>
    public static async Task<SignedCheckpoint> SignAsync(
        Checkpoint checkpoint,
        IReadOnlyCollection<INoteSigner> signers,
        CancellationToken cancellation = default
    )
    {
        if (signers.FirstOrDefault(signer => signer.Key.Name != checkpoint.Origin) is { } other)
            throw new ArgumentException($"The key {other.Key.Name} is not one of the log {checkpoint.Origin}.");
        return new(checkpoint, await NoteSigning.SignAsync(checkpoint.ToString(), signers, cancellation));
    }

    public SignedCheckpoint With(NoteSignature signature) => this with { Note = Note.With(signature) };

    public override string ToString() => Note.ToString();

    private static SignedCheckpoint Of(SignedNote note) => new(Checkpoint.Parse(note.Text), note);
}
