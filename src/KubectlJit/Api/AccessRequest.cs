namespace JitFunctions.KubectlJit.Api;

/// <summary>A request as docs/api.md gives it. The server leaves absent values out.</summary>
internal sealed record AccessRequest(
    string Id,
    long Version,
    string Status,
    Requester Requester,
    string Cluster,
    IReadOnlyList<string>? Namespaces,
    bool ClusterWide,
    Role Role,
    string Duration,
    string Reason,
    string? Ticket,
    Policy? Policy,
    DateTimeOffset RequestedAt,
    DateTimeOffset? DecideBy,
    IReadOnlyList<Review>? Reviews,
    DateTimeOffset? ApprovedAt,
    DateTimeOffset? ActivatedAt,
    DateTimeOffset? ExpiresAt,
    IReadOnlyList<Binding>? Bindings,
    Trouble? Trouble,
    Ending? Ending,
    DateTimeOffset? EndedAt,
    DenialProof? DenialProof)
{
    public string ETag => $"\"{Version}\"";

    public string NamespaceList => ClusterWide ? "*" : string.Join(',', Namespaces ?? []);
}

internal sealed record Requester(string Subject, string Username);

internal sealed record Role(string Kind, string Name)
{
    public override string ToString() => $"{Kind}/{Name}";
}

internal sealed record Policy(
    string Name, string Version, bool Automatic, IReadOnlyList<string>? ApproverGroups, int RequiredApprovals);

internal sealed record Review(string Reviewer, string Verdict, string? Comment, DateTimeOffset At)
{
    public const string Approve = "approve";
    public const string Deny = "deny";
}

internal sealed record Binding(string? Namespace, string Name, string? Uid);

internal sealed record Trouble(string What, string? Detail, int? Attempts, DateTimeOffset? Since);

internal sealed record Ending(string Cause, string? By, string? Comment, DateTimeOffset At);

internal sealed record DenialProof(string Verdict, string? Detail);
