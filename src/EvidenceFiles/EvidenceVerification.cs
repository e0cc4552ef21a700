using JitFunctions.TransparencyLog.Verification;

namespace JitFunctions.EvidenceFiles;

/// <summary>What is wrong with an archive. Scripts read the names.</summary>
public enum EvidenceProblemKind
{
    /// <summary>A file is missing, or is not in its form.</summary>
    Form,

    /// <summary>The log has a request of the period that the population has not, or a folder is missing.</summary>
    Missing,

    /// <summary>There is a row, a folder or a file that does not follow from the log.</summary>
    Added,

    /// <summary>A row or an event is not what the log says.</summary>
    Changed,

    /// <summary>The proof of an event is missing or wrong.</summary>
    Proof,
}

/// <param name="File">In the archive.</param>
/// <param name="Reason">One sentence for people, without a period, which names what it is about.</param>
public sealed record EvidenceProblem(EvidenceProblemKind Kind, string File, string Reason);

/// <summary>The result of the verification of an evidence archive.</summary>
/// <param name="Log">That of the log in it. If it has a problem, nothing else was looked at.</param>
/// <param name="About">Null if it cannot be read.</param>
/// <param name="Problems">The first ones.</param>
public sealed record EvidenceVerification(
    ExportVerification Log,
    EvidenceAbout? About,
    IReadOnlyList<EvidenceProblem> Problems
)
{
    public bool IsValid => Log.IsValid && Problems is [];

    /// <summary>The requests of the period, as the leaves of the log have them.</summary>
    public long Requests { get; init; }

    /// <summary>The exceptions that follow from the log.</summary>
    public long Exceptions { get; init; }

    /// <summary>The proofs of events that were checked.</summary>
    public long Proofs { get; init; }
}
