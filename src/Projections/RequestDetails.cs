using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Rights;
using JitFunctions.Domain.Scopes;
using Marten.Schema;
using Weasel.Postgresql.Tables;

namespace JitFunctions.Projections;

/// <param name="ScopeHash">The scope hash that the reviewer saw.</param>
/// <param name="IsVoid">True if the reviewer lost the right to approve before the activation.</param>
public sealed record ReviewDetails(
    Principal By,
    Verdict Verdict,
    string? Comment,
    DateTimeOffset At,
    string? ScopeHash = null,
    bool IsVoid = false
);

/// <summary>The last failure of the current step.</summary>
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

/// <summary>The required review of a break-glass use.</summary>
public sealed record BreakGlassDetails(DateTimeOffset ReviewBy)
{
    public DateTimeOffset? NotifiedAt { get; init; }

    public DateTimeOffset? OverdueAt { get; init; }

    public DateTimeOffset? SettledAt { get; init; }

    public bool? Justified { get; init; }

    public IReadOnlyList<ReviewDetails> Reviews { get; init; } = [];
}

/// <summary>The rights that the role of a grant allowed while the grant was active, and that nobody approved.</summary>
/// <param name="Rights">All of them, including those that the role later no longer allowed.</param>
/// <param name="Present">Those that the role allowed last.</param>
/// <param name="Dangers">The dangerous rights among them.</param>
/// <param name="FoundAt">When the first of them was found.</param>
/// <param name="ChangedAt">When they last changed.</param>
public sealed record UnapprovedRights(
    IReadOnlyList<NamespacedRules> Rights,
    IReadOnlyList<NamespacedRules> Present,
    IReadOnlyList<DangerousRight> Dangers,
    DateTimeOffset FoundAt,
    DateTimeOffset ChangedAt
);

/// <summary>Read model: one request with all details that are shown to users.</summary>
/// <param name="Version">The number of events so far, which is the ETag of the request.</param>
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
    // These must be the same expressions as in the indexes below, so that the lists of one person's requests use them.
    internal const string Subject = "(data -> 'requester' ->> 'subject')";
    internal const string LowerUsername = "lower(data -> 'requester' ->> 'username')";

    /// <summary>Called by Marten. Adds indexes by person, each in the order of the list.</summary>
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

    /// <summary>The hash that a review must contain.</summary>
    public string ScopeHash { get; init; } = string.Empty;

    public IReadOnlyList<NamespacedRules> Rights { get; init; } = [];

    public IReadOnlyList<DangerousRight> Dangers { get; init; } = [];

    /// <summary>
    /// The rights among them that the requester already had at the time of the request; also null if this was not
    /// determined in time.
    /// </summary>
    public AlreadyHeld? AlreadyHeld { get; init; }

    public IReadOnlyList<ReviewDetails> Reviews { get; init; } = [];

    public DateTimeOffset? ApprovedAt { get; init; }

    public DateTimeOffset? ActivateBy { get; init; }

    /// <summary>
    /// From when on the cluster may hold the rights; null before, and for grants whose activation an earlier version
    /// recorded.
    /// </summary>
    public DateTimeOffset? ActivationStartedAt { get; init; }

    public DateTimeOffset? ActivatedAt { get; init; }

    /// <summary>When the grant was used first, as far as recorded.</summary>
    public DateTimeOffset? FirstUsedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public IReadOnlyList<BindingRef> Bindings { get; init; } = [];

    /// <summary>The service account that holds the rights; null if the requester's own user name does.</summary>
    public ServiceAccountRef? ServiceAccount { get; init; }

    public UnapprovedRights? Unapproved { get; init; }

    /// <summary>The objects that are missing in the cluster, or were missing when the grant ended.</summary>
    public IReadOnlyList<LostObject> Lost { get; init; } = [];

    public LastFailure? Trouble { get; init; }

    public ExtensionDetails? Extension { get; init; }

    public BreakGlassDetails? BreakGlass { get; init; }

    public EndingDetails? Ending { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>
    /// When the rights that the cluster may hold must be removed, or when their removal was last attempted; null if
    /// there are none. Stored and indexed, so that the reconciler finds overdue removals before it reads anything else.
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
