namespace JitFunctions.TransparencyLog.Notes;

/// <summary>Signs notes with one key, which may be elsewhere, such as in a key vault.</summary>
public interface INoteSigner
{
    /// <summary>What verifies the signatures.</summary>
    VerifierKey Key { get; }

    /// <param name="text">UTF-8 of the text of the note, with its last line feed.</param>
    /// <returns>The bytes of the signature, without the key ID.</returns>
    Task<byte[]> SignAsync(ReadOnlyMemory<byte> text, CancellationToken cancellation = default);
}
