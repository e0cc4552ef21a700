using JitFunctions.Domain.Text;

namespace JitFunctions.Domain.Scopes;

/// <summary>A refusal that the caller can act on.</summary>
/// <param name="Code">Stable; clients and the documentation refer to it.</param>
/// <param name="Detail">The reason, and what the caller can do.</param>
/// <param name="CurrentStatus">The current status of the request, if it is the reason.</param>
public sealed record Rejection(string Code, string Detail, RequestStatus? CurrentStatus = null)
{
    /// <summary>The current scope hash, if the review named another one.</summary>
    public string? Scope { get; init; }

    /// <summary>The live grant, if it is the reason and belongs to the caller.</summary>
    public string? Grant { get; init; }

    public static readonly Rejection SelfReview = new(
        "self-review",
        "Nobody reviews their own request. Ask someone in the approver groups."
    );

    public static readonly Rejection AdministratorReview = new(
        "administrator-review",
        "Administrators cannot review requests, whatever groups they are in and whichever account they use, because "
            + "they define the rules. Ask somebody else."
    );

    public static Rejection NotAnApprover(IReadOnlyList<string> groups) =>
        new(
            "not-an-approver",
            groups.Count == 0
                ? "The policy approves this request automatically; it needs no review."
                : $"Only members of {string.Join(", ", groups)} review this request."
        );

    public static Rejection TooManyReviews(int most) =>
        new(
            "too-many-reviews",
            $"One person reviews a request at most {most} times. Deny it, and suggest what to ask for."
        );

    public static Rejection NoLongerAnApprover(IReadOnlyList<string> groups) =>
        new(
            "not-an-approver",
            $"Only members of {string.Join(", ", groups)} review this request, and according to the "
                + "directory you are no longer a member."
        );

    public static readonly Rejection NotTheRequester = new(
        "not-the-requester",
        "Only the requester can do this. An approver or an administrator can revoke instead."
    );

    public static Rejection Sealed(RequestStatus status) =>
        new(
            "sealed",
            "The dossier of this request is sealed: only the review of a break-glass use can follow. Ask for a new "
                + "one.",
            status
        );

    public static readonly Rejection NotTheAccount = NotTheRequester with
    {
        Detail = "Only the account that made the request can get the credential of the grant.",
    };

    public static readonly Rejection NoCredential = new(
        "no-credential",
        "The rights are bound to your own account: there is no other credential. Use your own kubeconfig."
    );

    /// <summary>
    /// Somebody deleted the service account, or the Secret that its tokens are bound to, from the cluster.
    /// </summary>
    public static readonly Rejection CredentialGone = new(
        "credential-gone",
        "The service account of this grant is no longer in the cluster. Relinquish the grant and ask for a new one."
    );

    /// <summary>A grant that lacks objects is not extended, because an extension would hide that.</summary>
    public static Rejection GrantIncomplete(IEnumerable<string> lost) =>
        new("grant-incomplete", $"The grant lacks {string.Join(", ", lost)}. Relinquish it and ask for a new one.");

    public const string ClusterUnavailableCode = "cluster-unavailable";

    public static Rejection ClusterUnavailable(string detail) =>
        new(ClusterUnavailableCode, $"{detail.AsSentence()} Try again soon.");

    public static readonly Rejection MayNotRevoke = new(
        "not-allowed",
        "Only this request's approvers and administrators revoke it. The requester can relinquish."
    );

    public static Rejection WrongState(RequestStatus status, string hint) => new("wrong-state", hint, status);

    public static Rejection NotFound(string id) =>
        new("not-found", $"There is no request '{id}' that you may see. Check the id; `kubectl jit list` shows yours.");

    public static Rejection VersionMismatch(long current) =>
        new("version-mismatch", $"The request has version {current} now. Read it again, then decide.");

    public static Rejection ScopeChanged(string scopeHash) =>
        new(
            "scope-changed",
            "This review is for another scope than the current one. Look at the request again, then decide."
        )
        {
            Scope = scopeHash,
        };

    public static Rejection Widens(string detail) => new("widens", detail);

    public static Rejection NotCovered(string detail) => new("not-covered", detail);

    public static Rejection DeniedByPolicy(string denial, string source, string because) =>
        new("denied-by-policy", $"{because} ({denial} [{source}])");

    public const string TooManyOpenCode = "too-many-open";

    public static Rejection TooManyOpen(string detail) => new(TooManyOpenCode, detail);

    public const string TooManyWaitsCode = "too-many-waits";

    public const string IndeterminateCode = "indeterminate";

    public static Rejection Indeterminate(string detail) =>
        new(
            IndeterminateCode,
            $"Whether a policy covers this cannot be told now, so it is refused: {detail.AsClause()}. Try again later."
        );

    /// <param name="detail">What cannot be determined.</param>
    public static Rejection ReviewerUnknown(string detail) =>
        new(
            IndeterminateCode,
            "This takes effect at once, and who may decide it cannot be told now, so it is refused: "
                + $"{detail.AsClause()}. Try again soon."
        );

    /// <param name="grant">Null if the caller must not learn its id.</param>
    public static Rejection OverlappingGrant(string? grant, string detail) =>
        new("overlapping-grant", detail) { Grant = grant };

    public static readonly Rejection NoExtension = new(
        "no-extension",
        "The policy does not let this grant be extended. Ask for a new one."
    );

    public static Rejection ExtensionTooLong(string detail) => new("extension-too-long", detail);

    public static Rejection ReviewOverdue(string id) =>
        new(
            "review-overdue",
            $"Your break-glass request {id} has not been reviewed in time. Ask its approvers to review it; you "
                + "cannot use break-glass again until then."
        );

    public static readonly Rejection BreakGlassSilent = new(
        "break-glass-silent",
        "Break-glass notifies every skipped approver, but notifications are not configured. Ask the platform team "
            + "to set Notifications."
    );

    public static Rejection UnknownCluster(string name, IEnumerable<string> known) =>
        new(
            "unknown-cluster",
            $"No cluster that you can ask about is called '{name}'. You can ask about: {ListOf(known)}."
        );

    public static Rejection UnknownNamespace(string cluster, IReadOnlyList<string> names) =>
        new(
            "unknown-namespace",
            $"{cluster} has no {Namespaces(names)}. Check the {(names.Count == 1 ? "name" : "names")}, and the cluster."
        );

    public static Rejection NamespaceTerminating(string cluster, IReadOnlyList<string> names) =>
        new(
            "namespace-terminating",
            $"{cluster} is deleting {Namespaces(names)}, and creates nothing there any more. Ask for another, or "
                + "when it exists again."
        );

    public static Rejection NoEphemeralGrants(string cluster) =>
        new(
            "no-ephemeral-grants",
            $"The policy gives ephemeral grants, and {cluster} is not set up for them. Ask the platform team to "
                + "install infra/kubernetes/components/ephemeral."
        );

    /// <param name="failure">Why the cluster did not answer, with or without a full stop.</param>
    public static Rejection EphemeralUnresolved(string cluster, string failure) =>
        new(
            IndeterminateCode,
            $"Whether {cluster} is set up for ephemeral grants cannot be told now, so it is refused: "
                + $"{failure.AsClause()}. Try again later."
        );

    /// <param name="failure">Why the cluster did not answer, with or without a full stop.</param>
    public static Rejection NamespacesUnresolved(string? failure) =>
        new(
            IndeterminateCode,
            "Whether the namespaces exist cannot be told now, so it is refused: "
                + $"{(failure ?? "the cluster did not say").AsClause()}. Try again later."
        );

    private static string ListOf(IEnumerable<string> names) =>
        string.Join(", ", names) is { Length: > 0 } list ? list : "none";

    public static Rejection UnknownRole(string detail) =>
        new("unknown-role", $"{detail.AsSentence()} Check the name, and the namespaces.");

    public static readonly Rejection IdempotencyKeyReused = new(
        "idempotency-key-reused",
        "This Idempotency-Key belongs to a request with another body. Use a new key."
    );

    private static string Namespaces(IReadOnlyList<string> names) =>
        $"{(names.Count == 1 ? "namespace" : "namespaces")} {string.Join(", ", names)}";
}
