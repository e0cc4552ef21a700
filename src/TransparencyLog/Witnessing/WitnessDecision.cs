using JitFunctions.TransparencyLog.Checkpoints;

namespace JitFunctions.TransparencyLog.Witnessing;

/// <summary>
/// What a witness answers to a request <c>add-checkpoint</c>, by its HTTP status (C2SP tlog-witness).
/// </summary>
/// <param name="Status">200, 400, 403, 404, 409 or 422.</param>
/// <param name="Reason">One sentence for people, without a period.</param>
public sealed record WitnessDecision(int Status, string Reason)
{
    /// <summary>Of 200 only: what to cosign and to keep.</summary>
    public SignedCheckpoint? Accepted { get; init; }

    /// <summary>Of 409 only: the size of the checkpoint that the witness has.</summary>
    public long? KnownSize { get; init; }
}
