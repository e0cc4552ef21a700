namespace JitFunctions.Domain.Audit;

/// <summary>
/// What is kept of one event of an API server's audit log, <c>audit.k8s.io/v1</c>: pkg/apis/audit/v1/types.go in
/// kubernetes/apiserver. Texts are as they were received, of any length and with any character: callers choose some of
/// them, such as the audit id, the path and the user agent. <see cref="RecordedAction"/> has them in a form that can be
/// shown and stored.
/// </summary>
/// <param name="AuditId">Chosen by the client if it sends the header <c>Audit-ID</c>: it identifies nothing.</param>
/// <param name="RequestUri">Path and query. The query of <c>pods/exec</c> contains the command.</param>
/// <param name="ImpersonatedUser">Null if the call impersonated nobody.</param>
/// <param name="Target">Null for a path that is no resource, such as <c>/healthz</c>.</param>
/// <param name="ReceivedAt">When the API server received the call, shortly before it authorized it; in microseconds. It
/// is the same in all events of one call.</param>
/// <param name="StageAt">When this stage was reached; in microseconds. For the end of a stream, hours may have
/// passed.</param>
public sealed record AuditEvent(
    AuditLevel Level,
    string AuditId,
    AuditStage Stage,
    string Verb,
    string RequestUri,
    AuditUser User,
    AuditUser? ImpersonatedUser,
    AuditedObject? Target,
    DateTimeOffset ReceivedAt,
    DateTimeOffset StageAt
)
{
    public IReadOnlyList<string> SourceIps { get; init; } = [];

    public string? UserAgent { get; init; }

    /// <summary>The HTTP status; null if the event has none, as in GKE's for calls that succeeded.</summary>
    public int? Code { get; init; }

    /// <summary>Kubernetes' word for the failure, such as <c>Forbidden</c> or <c>NotFound</c>.</summary>
    public string? FailureReason { get; init; }

    /// <summary>
    /// <c>allow</c> or <c>forbid</c>; null if nothing was decided yet, or the call was refused before it was authorized
    /// (no valid credential, or it may not impersonate).
    /// </summary>
    public string? Decision { get; init; }

    /// <summary>What the authorizer gave as its reason: see <see cref="Grants.RbacReason"/>.</summary>
    public string? Reason { get; init; }

    /// <summary>True if the API server left out the bodies because the event was too large.</summary>
    public bool IsTruncated { get; init; }

    /// <summary>The id of the token that this call issued: <c>JTI=…</c>. Since Kubernetes 1.30.</summary>
    public string? IssuedCredentialId { get; init; }

    /// <summary>What the bodies told; null if the event had none that could be read.</summary>
    public BodyFacts? Body { get; init; }

    /// <summary>
    /// True if the call was refused, rather than failed: by the authorizer, or because the caller may not impersonate.
    /// An event of the latter has no decision. A 403 with the decision <c>allow</c> comes from admission.
    /// </summary>
    public bool IsRefused => Decision == "forbid" || (Decision is null && Code == 403);

    public bool IsAllowed => Decision == "allow";

    /// <summary>True if the call did what it says; unknown counts as done.</summary>
    public bool IsDone => IsAllowed && Code is null or (>= 100 and < 300);
}

public enum AuditLevel
{
    Metadata,

    /// <summary>With the body of the call.</summary>
    Request,

    /// <summary>With the body of the call and that of the answer.</summary>
    RequestResponse,
}

public enum AuditStage
{
    /// <summary>Before the call was authorized.</summary>
    RequestReceived,

    /// <summary>The answer has begun. Only streams have this stage, and calls without a valid credential.</summary>
    ResponseStarted,
    ResponseComplete,
    Panic,

    /// <summary>GKE does not tell.</summary>
    NotGiven,
}

/// <param name="CredentialIds">For example <c>JTI=…</c> of a token or <c>X509SHA256=…</c> of a certificate. Since
/// Kubernetes 1.30; empty before.</param>
public sealed record AuditUser(string Name, IReadOnlyList<string> Groups, IReadOnlyList<string> CredentialIds);

/// <param name="ApiGroup">Empty for the core group.</param>
/// <param name="Subresource">Null if there is none.</param>
/// <param name="Namespace">Null for a cluster-scoped object, and for a call about all namespaces.</param>
/// <param name="Name">Null for a call without an object name. For <c>create</c> the API server takes it from the
/// body.</param>
public sealed record AuditedObject(
    string ApiGroup,
    string Resource,
    string? Subresource,
    string? Namespace,
    string? Name
)
{
    /// <summary>As RBAC rules name it: <c>pods/exec</c>.</summary>
    public string ResourceInRules => Subresource is null ? Resource : $"{Resource}/{Subresource}";
}

/// <summary>What residual access depends on, read from the bodies of an event before they are dropped.</summary>
/// <param name="Name">The name of the object, which the API server may have generated.</param>
/// <param name="Role">Of a binding, as <c>kind/name</c>.</param>
/// <param name="Subjects">Of a binding, as <c>kind/name</c>.</param>
/// <param name="HostAccess">What a pod, or the pods of a workload, have of their node: <c>privileged</c>,
/// <c>hostPID</c>, <c>hostPath</c> and the like; null if the body is of no pod.</param>
/// <param name="SecretType">The type of a Secret. Its contents are never read.</param>
/// <param name="TokenExpiresAt">The expiry of an issued token.</param>
/// <param name="IsDryRun">True for a delete that asks in its body to change nothing.</param>
public sealed record BodyFacts(
    string? Name,
    string? Role,
    IReadOnlyList<string> Subjects,
    IReadOnlyList<string>? HostAccess,
    string? SecretType,
    DateTimeOffset? TokenExpiresAt,
    bool IsDryRun = false
);
