namespace JitFunctions.KubectlJit.Api;

/// <summary>A request as docs/api.md gives it. What has a default here, the server may leave out.</summary>
internal sealed record AccessRequest(
    string Id,
    long Version,
    string Status,
    Requester Requester,
    string Cluster,
    Role Role,
    string Duration,
    string Reason,
    DateTimeOffset RequestedAt,
    IReadOnlyList<string>? Namespaces = null,
    bool ClusterWide = false,
    string? Ticket = null,
    Policy? Policy = null,
    DateTimeOffset? DecideBy = null,
    IReadOnlyList<Review>? Reviews = null,
    DateTimeOffset? ApprovedAt = null,
    DateTimeOffset? ActivatedAt = null,
    DateTimeOffset? ExpiresAt = null,
    IReadOnlyList<Binding>? Bindings = null,
    Trouble? Trouble = null,
    Ending? Ending = null,
    DateTimeOffset? EndedAt = null,
    DenialProof? DenialProof = null)
{
    public string ETag => $"\"{Version}\"";

    public string NamespaceList => ClusterWide ? "*" : string.Join(',', Namespaces ?? []);
}

internal sealed record Requester(string Username);

internal sealed record Role(string Kind, string Name)
{
    public override string ToString() => $"{Kind}/{Name}";
}

internal sealed record Policy(
    string Name, string Version, bool Automatic = false, IReadOnlyList<string>? ApproverGroups = null, int RequiredApprovals = 0);

internal sealed record Review(string Reviewer, string Verdict, string? Comment = null)
{
    public const string Approve = "approve";
    public const string Deny = "deny";
}

internal sealed record Binding(string Name, string? Namespace = null);

internal sealed record Trouble(string What, string? Detail = null, int? Attempts = null);

internal sealed record Ending(string Cause, string? By = null, string? Comment = null);

internal sealed record DenialProof(string Verdict, string? Detail = null);
