namespace JitFunctions.TransparencyLog.Notes;

/// <summary>A signature of a trusted key.</summary>
/// <param name="CosignedAt">
/// Only of a <see cref="SignatureType.Cosignature"/>: the time that the witness states.
/// </param>
public sealed record VerifiedSignature(VerifierKey Key, DateTimeOffset? CosignedAt = null);

/// <summary>What the signatures of a note say about a set of trusted keys.</summary>
/// <param name="Invalid">
/// Signatures that name a trusted key but are not of this text. If there is one, the whole note has to be refused.
/// </param>
public sealed record NoteVerification(IReadOnlyList<VerifiedSignature> Valid, IReadOnlyList<NoteSignature> Invalid)
{
    /// <summary>Whether at least one trusted key signed the text, and no signature of a trusted key is wrong.</summary>
    public bool IsTrusted => Invalid is [] && Valid is not [];
}
