using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Rights;
using JitFunctions.Domain.Scopes;
using Marten.Schema;
using Weasel.Postgresql.Tables;

namespace JitFunctions.Projections;

/// <param name="ScopeHash">What the reviewer saw.</param>
/// <param name="IsVoid">True when the reviewer lost the right to approve before the activation.</param>
public sealed record ReviewDetails(
    Principal By,
    Verdict Verdict,
    string? Comment,
    DateTimeOffset At,
    string? ScopeHash = null,
    bool IsVoid = false
);

/// <summary>What keeps the present step from succeeding.</summary>
public sealed record LastFailure(
    string What,
    string Detail,
    int Attempts,
    AlarmLevel Alarm,
    DateTimeOffset Since,
    DateTimeOffset Latest
);

/// <summary>An extension that waits for its review.</summary>
public sealed record ExtensionDetails(
    TimeSpan Duration,
    string Reason,
    string ScopeHash,
    IReadOnlyList<ReviewDetails> Reviews,
    DateTimeOffset RequestedAt
);

/// <summary>What break-glass owes, or owed.</summary>
public sealed record BreakGlassDetails(DateTimeOffset ReviewBy)
{
    public DateTimeOffset? NotifiedAt { get; init; }

    public DateTimeOffset? OverdueAt { get; init; }

    public DateTimeOffset? SettledAt { get; init; }

    public bool? Justified { get; init; }

    public IReadOnlyList<ReviewDetails> Reviews { get; init; } = [];
}

/// <summary>What the role of a grant allowed while it was active, and nobody approved.</summary>
/// <param name="Rights">All of it, also what the role no longer allowed later on.</param>
/// <param name="Present">What of it the role allowed last.</param>
/// <param name="Dangers">What of it leads to more rights.</param>
/// <param name="FoundAt">When the first of it was found.</param>
/// <param name="ChangedAt">When it changed last.</param>
public sealed record UnapprovedRights(
    IReadOnlyList<NamespacedRules> Rights,
    IReadOnlyList<NamespacedRules> Present,
    IReadOnlyList<DangerousRight> Dangers,
    DateTimeOffset FoundAt,
    DateTimeOffset ChangedAt
);

/// <summary>Read model: one request as it is shown.</summary>
/// <param name="Version">Number of events so far: the ETag of the request.</param>
public sealed record RequestDetails(
    string Id,
    long Version,
    RequestStatus Status,
    Principal Requester,
    RequestTerms Terms,
    PolicySnapshot Policy,
    DateTimeOffset RequestedAt,
    DateTimeOffset DecideBy
)
{
    // As the indexes below have them, so that the lists of one person's requests are read from these.
    internal const string Subject = "(data -> 'requester' ->> 'subject')";
    internal const string LowerUsername = "lower(data -> 'requester' ->> 'username')";

    /// <summary>Marten calls it. Indexes by person, each in the order of the list.</summary>
    public static void ConfigureMarten(DocumentMapping mapping)
    {
        mapping.Indexes.Add(
            new IndexDefinition("requestdetails_by_subject") { Columns = [Subject, "requested_at", "id"] }
        );
        mapping.Indexes.Add(
            new IndexDefinition("requestdetails_by_username") { Columns = [LowerUsername, "requested_at", "id"] }
        );
    }

    /// <summary>Stored, so that the few live requests are found without reading the many finished ones.</summary>
    public bool IsFinal => Status.IsFinal();

    /// <summary>What a review has to name.</summary>
    public string ScopeHash { get; init; } = string.Empty;

    public IReadOnlyList<NamespacedRules> Rights { get; init; } = [];

    public IReadOnlyList<DangerousRight> Dangers { get; init; } = [];

    /// <summary>
    /// What of it the requester had already when they asked; null also when that was not told in time.
    /// </summary>
    public AlreadyHeld? AlreadyHeld { get; init; }

    public IReadOnlyList<ReviewDetails> Reviews { get; init; } = [];

    public DateTimeOffset? ApprovedAt { get; init; }

    public DateTimeOffset? ActivateBy { get; init; }

    public DateTimeOffset? ActivatedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public IReadOnlyList<BindingRef> Bindings { get; init; } = [];

    /// <summary>Which service account holds the rights, where the requester's own identity does not.</summary>
    public ServiceAccountRef? ServiceAccount { get; init; }

    public UnapprovedRights? Unapproved { get; init; }

    /// <summary>What the grant lacks, or lacked when it ended.</summary>
    public IReadOnlyList<LostObject> Lost { get; init; } = [];

    public LastFailure? Trouble { get; init; }

    public ExtensionDetails? Extension { get; init; }

    public BreakGlassDetails? BreakGlass { get; init; }

    public EndingDetails? Ending { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>
    /// When rights that the cluster may hold have to be gone, or were last tried to be removed; null while there are
    /// none. Stored and indexed, so that the reconciler finds what is overdue before it reads anything else.
    /// </summary>
    public DateTimeOffset? RemovalDueAt =>
        Status switch
        {
            RequestStatus.Approved or RequestStatus.Activating => ActivateBy,
            RequestStatus.Active => ExpiresAt,
            RequestStatus.Ending => Trouble?.Latest ?? Ending?.At,
            _ => null,
        };

    public DenialProof? DenialProof { get; init; }
}
