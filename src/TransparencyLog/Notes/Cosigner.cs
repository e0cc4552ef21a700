using JitFunctions.TransparencyLog.Text;

namespace JitFunctions.TransparencyLog.Notes;

/// <summary>
/// Signs checkpoints as a witness does, with the time. The message has no name in it, so the key must not be used for
/// anything else.
/// </summary>
public sealed class Cosigner(string name, Ed25519Key key)
{
    public VerifierKey Key { get; } = VerifierKey.Of(name, SignatureType.Cosignature, key.PublicKey());

    /// <param name="text">The text of the checkpoint.</param>
    /// <param name="at">Now, to the second.</param>
    public NoteSignature Sign(string text, DateTimeOffset at) =>
        new(Key.Name, Key.Id, key.Cosign(StrictUtf8.GetBytes(text), at));
}
