using JitFunctions.TransparencyLog.Checkpoints;
using JitFunctions.TransparencyLog.Merkle;
using JitFunctions.TransparencyLog.Notes;
using JitFunctions.TransparencyLog.Proofs;

namespace JitFunctions.TransparencyLog.Witnessing;

/// <summary>What a witness knows of one log: its keys and the newest checkpoint that was cosigned.</summary>
/// <param name="LogKeys">Their name is the origin of the log.</param>
/// <param name="Latest">Null before the first.</param>
public sealed record WitnessState(IReadOnlyCollection<VerifierKey> LogKeys, Checkpoint? Latest)
{
    /// <summary>
    /// Whether the checkpoint continues the latest one. The caller has to store what is accepted before it answers, and
    /// must not decide anything else about the log meanwhile.
    /// </summary>
    public WitnessDecision Decide(ConsistencyFile request)
    {
        var checkpoint = request.Checkpoint.Checkpoint;
        if (LogKeys.All(key => key.Name != checkpoint.Origin))
            return new(404, $"the log '{checkpoint.Origin}' is not one of those that this witness knows");
        if (!request.Checkpoint.Note.Verify(LogKeys).IsTrusted)
            return new(403, "no key of the log signed the checkpoint, or a signature is wrong");
        if (request.OldSize > checkpoint.Size)
            return new(400, $"the old size {request.OldSize} is larger than the new one");
        if (request.OldSize != (Latest?.Size ?? 0))
            return new(409, $"the latest checkpoint here has the size {Latest?.Size ?? 0}")
            {
                KnownSize = Latest?.Size ?? 0,
            };
        if (checkpoint.Size == 0 && checkpoint.Root != TreeHash.Empty)
            return new(422, "a tree without leaves has another root");
        return ConsistencyProof.Verify(
            request.OldSize,
            Latest?.Root ?? TreeHash.Empty,
            checkpoint.Size,
            checkpoint.Root,
            request.Hashes
        )
            ? new(200, "the checkpoint continues the latest one") { Accepted = request.Checkpoint }
            : new(422, "the checkpoint does not continue the latest one");
    }
}
