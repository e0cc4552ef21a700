using JitFunctions.TransparencyLog.Checkpoints;
using JitFunctions.TransparencyLog.Notes;
using JitFunctions.TransparencyLog.Proofs;

namespace JitFunctions.TransparencyLog.Witnessing;

/// <summary>
/// Cosigns checkpoints that continue those which it has seen (C2SP tlog-witness). So a log that shows different people
/// different leaves, or an old copy of itself, cannot get the cosignatures for both. Safe for several threads.
/// </summary>
/// <param name="logKeys">The keys of all logs that it knows.</param>
public sealed class Witness(
    Cosigner cosigner,
    IReadOnlyCollection<VerifierKey> logKeys,
    WitnessFolder folder,
    TimeProvider clock
)
{
    private readonly Lock _oneAtATime = new();

    /// <summary>What its cosignatures are verified with.</summary>
    public VerifierKey Key => cosigner.Key;

    /// <param name="body">The body of the request.</param>
    /// <returns>The decision, and with status 200 the signature line that is the answer.</returns>
    /// <exception cref="FormatException">What was stored is damaged.</exception>
    /// <exception cref="IOException">The checkpoint could not be stored, so nothing was signed.</exception>
    public (WitnessDecision Decision, NoteSignature? Cosignature) AddCheckpoint(ReadOnlySpan<byte> body)
    {
        ConsistencyFile request;
        try
        {
            request = ConsistencyFile.Parse(body);
        }
        catch (FormatException e)
        {
            return (new(400, e.Message.TrimEnd('.')), null);
        }

        var origin = request.Checkpoint.Checkpoint.Origin;
        var keys = logKeys.Where(key => key.Name == origin).ToList();
        lock (_oneAtATime)
        {
            // Nothing is read for a log that is not known: its origin is what somebody sent.
            var latest = keys is [] ? null : folder.TryRead(origin)?.Checkpoint;
            var decision = new WitnessState(keys, latest).Decide(request);
            if (decision.Accepted is not { } accepted)
                return (decision, null);
            var cosignature = cosigner.Sign(accepted.Note.Text, clock.GetUtcNow());
            folder.Write(accepted.With(cosignature));
            return (decision, cosignature);
        }
    }

    /// <summary>
    /// The latest checkpoint by <see cref="WitnessFolder.NameOf"/> of its log; null if there is none.
    /// </summary>
    public SignedCheckpoint? Latest(string name)
    {
        lock (_oneAtATime)
        {
            var origin = logKeys.Select(key => key.Name).FirstOrDefault(origin => WitnessFolder.NameOf(origin) == name);
            return origin is null ? null : folder.TryRead(origin);
        }
    }
}
