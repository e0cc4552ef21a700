namespace JitFunctions.TransparencyLog.Verification;

/// <summary>What kind of thing is wrong with an export. Scripts read the names.</summary>
public enum ExportProblemKind
{
    /// <summary>A file is missing, or has another form.</summary>
    Form,

    /// <summary>The policy does not trust the checkpoint.</summary>
    Checkpoint,

    /// <summary>The log is older than the checkpoint that the auditor has: somebody restored an old copy.</summary>
    RolledBack,

    /// <summary>The log does not continue the one that the auditor has seen.</summary>
    Forked,

    /// <summary>The rows do not have the indexes that they should have: one is missing, was added or moved.</summary>
    Order,

    /// <summary>There are fewer rows than leaves in the checkpoint.</summary>
    Missing,

    /// <summary>There are more rows than leaves in the checkpoint.</summary>
    Added,

    /// <summary>Data or headers are not those that the leaf commits to.</summary>
    Changed,

    /// <summary>A disclosure is not one of this event.</summary>
    Disclosure,

    /// <summary>The leaves agree with their data, but are not those of the checkpoint.</summary>
    Root,

    /// <summary>The proof of a leaf is missing or wrong.</summary>
    Proof,
}

/// <summary>The first thing that is wrong with an export.</summary>
/// <param name="Index">The index of the first leaf that is wrong, where one can be named.</param>
/// <param name="Reason">One sentence for people, without a period.</param>
public sealed record ExportProblem(ExportProblemKind Kind, long? Index, string Reason);
