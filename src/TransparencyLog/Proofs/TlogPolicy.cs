using JitFunctions.TransparencyLog.Checkpoints;
using JitFunctions.TransparencyLog.Notes;

namespace JitFunctions.TransparencyLog.Proofs;

/// <summary>
/// Whom a verifier trusts: logs, witnesses, and how many of these have to cosign (C2SP tlog-policy). It has to come
/// from whoever verifies, never from what is verified.
/// </summary>
/// <param name="Logs">A checkpoint needs the signature of one of them.</param>
/// <param name="Witnesses">By the name that the policy gives them.</param>
public sealed record TlogPolicy(
    IReadOnlyList<PolicyLog> Logs,
    IReadOnlyDictionary<string, PolicyWitness> Witnesses,
    WitnessRule Quorum
)
{
    /// <exception cref="FormatException">It is not a policy. The text begins with the number of the line.</exception>
    public static TlogPolicy Parse(ReadOnlySpan<byte> file) => new TlogPolicyReader().Read(file);

    /// <exception cref="FormatException">It is not a policy. The text begins with the number of the line.</exception>
    public static TlogPolicy Parse(string file) => Parse(Text.StrictUtf8.GetBytes(file));

    /// <summary>Whether the checkpoint may be believed, and if not, why.</summary>
    public PolicyVerification Verify(SignedCheckpoint checkpoint) => Verify(checkpoint, Quorum);

    /// <summary>
    /// Whether the log signed the checkpoint, whoever cosigned it: for checkpoints on their way to a witness, or that
    /// were kept before there were witnesses.
    /// </summary>
    public PolicyVerification VerifyLog(SignedCheckpoint checkpoint) => Verify(checkpoint, new WitnessRule.None());

    private PolicyVerification Verify(SignedCheckpoint checkpoint, WitnessRule quorum)
    {
        var origin = checkpoint.Checkpoint.Origin;
        var logKeys = Logs.Select(log => log.Key).Where(key => key.Name == origin).ToList();
        if (logKeys is [])
            return PolicyVerification.Refused($"the policy has no log '{origin}'");
        var note = checkpoint.Note.Verify([.. logKeys, .. Witnesses.Values.Select(witness => witness.Key)]);
        if (note.Invalid is [var wrong, ..])
        {
            var key = $"{wrong.KeyName}+{NoteSignature.Hex(wrong.KeyId)}";
            return PolicyVerification.Refused($"the signature of the key {key} is not of this checkpoint");
        }

        if (!note.Valid.Any(one => logKeys.Contains(one.Key)))
            return PolicyVerification.Refused($"no key of the log '{origin}' in the policy has signed the checkpoint");
        var cosigned = note
            .Valid.Where(one => one.CosignedAt is not null)
            .DistinctBy(one => one.Key)
            .ToDictionary(one => Witnesses.First(witness => witness.Value.Key == one.Key).Key, one => one);
        return quorum.IsMet(cosigned.Keys)
            ? new(null, [.. note.Valid])
            : PolicyVerification.Refused(
                $"the witnesses who cosigned ({(cosigned.Count == 0 ? "none" : string.Join(", ", cosigned.Keys))}) "
                    + "are not the quorum of the policy"
            );
    }
}

/// <param name="Key">Its name is the origin of the log.</param>
public sealed record PolicyLog(VerifierKey Key, string? Url);

public sealed record PolicyWitness(VerifierKey Key, string? Url);

/// <param name="Refusal">Why the checkpoint may not be believed; null if it may.</param>
/// <param name="Signatures">The valid ones; none if the checkpoint is refused.</param>
public sealed record PolicyVerification(string? Refusal, IReadOnlyList<VerifiedSignature> Signatures)
{
    public bool IsTrusted => Refusal is null;

    internal static PolicyVerification Refused(string why) => new(why, []);
}
