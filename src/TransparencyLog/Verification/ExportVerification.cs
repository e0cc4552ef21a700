using JitFunctions.TransparencyLog.Checkpoints;
using JitFunctions.TransparencyLog.Notes;

namespace JitFunctions.TransparencyLog.Verification;

/// <summary>The result of the verification of an export.</summary>
/// <param name="Problem">Null if everything that the export has is proven.</param>
public sealed record ExportVerification(ExportProblem? Problem)
{
    public bool IsValid => Problem is null;

    /// <summary>Null if the export has none that can be read.</summary>
    public Checkpoint? Checkpoint { get; init; }

    /// <summary>The signatures of keys of the policy. None if the checkpoint is not trusted.</summary>
    public IReadOnlyList<VerifiedSignature> Signatures { get; init; } = [];

    /// <summary>
    /// How many signatures of the checkpoint are of keys that the policy does not name. They prove nothing, and change
    /// nothing.
    /// </summary>
    public int UnknownSignatures { get; init; }

    /// <summary>The rows that were checked.</summary>
    public long Leaves { get; init; }

    /// <summary>
    /// Whether the export has all leaves of the checkpoint. Otherwise it proves what it has, but not that nothing else
    /// happened.
    /// </summary>
    public bool IsComplete { get; init; }

    /// <summary>The members that are there although they could have been erased.</summary>
    public long Disclosed { get; init; }

    /// <summary>The members that were erased: of these the record has the digest only.</summary>
    public long Erased { get; init; }

    /// <summary>The size of the earlier checkpoint with which the log is consistent; null if none was given.</summary>
    public long? ConsistentWith { get; init; }
}
