namespace JitFunctions.KubectlJit.Api;

/// <summary>A request as docs/api.md describes it. The server may omit members that have a default here.</summary>
internal sealed record AccessRequest(
    string Id,
    long Version,
    string Status,
    Requester Requester,
    string Cluster,
    string Duration,
    string Reason,
    DateTimeOffset RequestedAt,
    Role? Role = null,
    IReadOnlyList<Rule>? Rules = null,
    IReadOnlyList<string>? Namespaces = null,
    bool ClusterWide = false,
    DateTimeOffset? Start = null,
    string? Ticket = null,
    string? Scope = null,
    Policy? Policy = null,
    IReadOnlyList<Danger>? Dangers = null,
    IReadOnlyList<NamespacedRules>? Rights = null,
    DateTimeOffset? DecideBy = null,
    IReadOnlyList<Review>? Reviews = null,
    DateTimeOffset? ApprovedAt = null,
    DateTimeOffset? ActivatedAt = null,
    DateTimeOffset? ExpiresAt = null,
    IReadOnlyList<Binding>? Bindings = null,
    ServiceAccount? ServiceAccount = null,
    Unapproved? Unapproved = null,
    IReadOnlyList<LostObject>? Lost = null,
    LastFailure? Trouble = null,
    Ending? Ending = null,
    DateTimeOffset? EndedAt = null,
    DenialProof? DenialProof = null,
    Extension? Extension = null,
    BreakGlass? BreakGlass = null,
    AlreadyHeld? AlreadyHeld = null
)
{
    /// <summary>The number of characters of an id.</summary>
    public const int IdLength = 12;

    public string ETag => $"\"{Version}\"";

    public string NamespaceList => ClusterWide ? "*" : string.Join(',', Namespaces ?? []);

    /// <summary>Whether the rights are given to a service account that exists for this grant only.</summary>
    public bool IsEphemeral => Policy?.Enforcement is "ephemeral";

    /// <summary>Whether the request is approved and waits for its scheduled start.</summary>
    public bool StartsAfter(DateTimeOffset now) => Status is Api.Status.Approved && Start > now;
}

/// <summary>The rights of the request that the requester already had when they asked.</summary>
/// <param name="Grant">The id of a grant that already gives all of the requested rights.</param>
/// <param name="Standing">What allows the requested rights in the cluster without a grant.</param>
internal sealed record AlreadyHeld(
    string? Grant = null,
    DateTimeOffset? GrantExpiresAt = null,
    string? Standing = null
);

internal sealed record Requester(string Username);

internal sealed record Role(string Kind, string Name)
{
    public override string ToString() => $"{Kind}/{Name}";
}

internal sealed record Policy(
    string Name,
    string Version,
    string? Source = null,
    bool Automatic = false,
    IReadOnlyList<string>? ApproverGroups = null,
    int RequiredApprovals = 0,
    IReadOnlyList<Requirement>? Requirements = null,
    string? Enforcement = null
)
{
    /// <summary>The approval requirements. An older server sends only one count for all groups.</summary>
    public IReadOnlyList<Requirement> Approvals =>
        Requirements ?? [new Requirement(ApproverGroups ?? [], RequiredApprovals)];
}

/// <summary>The number of people who must approve, from any of these groups.</summary>
internal sealed record Requirement(IReadOnlyList<string> Groups, int Count);

/// <param name="Counts">
/// False when the review was given for a wider scope than the current one, or was voided. An older server does not send
/// it.
/// </param>
internal sealed record Review(
    string Reviewer,
    string Verdict,
    string? Comment = null,
    DateTimeOffset? At = null,
    bool Counts = true
)
{
    public const string Approve = "approve";
    public const string Deny = "deny";

    public bool IsApprovalThatCounts => Verdict is Approve && Counts;
}

internal sealed record Binding(string Name, string? Namespace = null);

internal sealed record ServiceAccount(string Namespace, string Name);

/// <summary>The rights that the role of a grant allowed without approval. Lists omit the rights themselves.</summary>
/// <param name="Present">The part of these rights that the role still allowed at the last check.</param>
internal sealed record Unapproved(
    DateTimeOffset FoundAt,
    DateTimeOffset ChangedAt,
    IReadOnlyList<NamespacedRules>? Rights = null,
    IReadOnlyList<NamespacedRules>? Present = null,
    IReadOnlyList<Danger>? Dangers = null
);

/// <summary>An object of a grant that is missing in its cluster.</summary>
/// <param name="Kind">Null for objects that were lost before the server recorded kinds.</param>
internal sealed record LostObject(
    string Name,
    DateTimeOffset FoundAt,
    string? Kind = null,
    string? Namespace = null,
    string? Detail = null
);

internal sealed record LastFailure(string What, string? Detail = null, int? Attempts = null);

internal sealed record Ending(string Cause, string? By = null, string? Comment = null);

internal sealed record DenialProof(string Verdict, string? Detail = null);

/// <summary>An extension that waits for its review.</summary>
internal sealed record Extension(
    string Duration,
    string? Reason = null,
    string? Scope = null,
    IReadOnlyList<Review>? Reviews = null
);

internal sealed record BreakGlass(
    DateTimeOffset ReviewBy,
    DateTimeOffset? NotifiedAt = null,
    DateTimeOffset? OverdueAt = null,
    DateTimeOffset? SettledAt = null,
    bool? Justified = null,
    IReadOnlyList<Review>? Reviews = null
);
