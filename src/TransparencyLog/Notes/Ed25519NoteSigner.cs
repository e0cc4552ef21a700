namespace JitFunctions.TransparencyLog.Notes;

/// <summary>Signs with an Ed25519 key of this process, which is what every verifier of notes reads.</summary>
/// <param name="name">For a log: its origin.</param>
public sealed class Ed25519NoteSigner(string name, Ed25519Key key) : INoteSigner
{
    public VerifierKey Key { get; } = VerifierKey.Of(name, SignatureType.Ed25519, key.PublicKey());

    public Task<byte[]> SignAsync(ReadOnlyMemory<byte> text, CancellationToken cancellation = default) =>
        Task.FromResult(key.Sign(text.ToArray()));
}
