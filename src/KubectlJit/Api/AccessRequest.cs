namespace JitFunctions.KubectlJit.Api;

/// <summary>A request as docs/api.md gives it. What has a default here, the server may leave out.</summary>
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
    /// <summary>How many letters and digits an id has.</summary>
    public const int IdLength = 12;

    public string ETag => $"\"{Version}\"";

    public string NamespaceList => ClusterWide ? "*" : string.Join(',', Namespaces ?? []);

    /// <summary>Whether the rights go to a service account of the grant's own.</summary>
    public bool IsEphemeral => Policy?.Enforcement is "ephemeral";

    /// <summary>Whether it is approved and only waits for its start.</summary>
    public bool StartsAfter(DateTimeOffset now) => Status is Api.Status.Approved && Start > now;
}

/// <summary>What of it the requester had already when they asked.</summary>
/// <param name="Grant">The id of a grant that gives all of it.</param>
/// <param name="Standing">By what the cluster allows it anyhow.</param>
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
    /// <summary>Who has to approve; an older server tells only how many of all the groups.</summary>
    public IReadOnlyList<Requirement> Approvals =>
        Requirements ?? [new Requirement(ApproverGroups ?? [], RequiredApprovals)];
}

/// <summary>So many people of any of these groups.</summary>
internal sealed record Requirement(IReadOnlyList<string> Groups, int Count);

/// <param name="Counts">False when it was given for a wider scope than the present one, or was voided; an older server
/// does not say.</param>
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

/// <summary>What the role of a grant allowed without approval; lists leave out the rights themselves.</summary>
/// <param name="Present">What of it the role allowed last.</param>
internal sealed record Unapproved(
    DateTimeOffset FoundAt,
    DateTimeOffset ChangedAt,
    IReadOnlyList<NamespacedRules>? Rights = null,
    IReadOnlyList<NamespacedRules>? Present = null,
    IReadOnlyList<Danger>? Dangers = null
);

/// <summary>What a grant lacks in its cluster.</summary>
/// <param name="Kind">Null for what was lost before the server recorded kinds.</param>
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

/// <summary>More time, while it waits for its review.</summary>
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
