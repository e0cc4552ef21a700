using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Rights;
using JitFunctions.Domain.Scopes;
using static JitFunctions.Domain.Requests.AccessRequestEvent;

namespace JitFunctions.Domain.Requests;

public enum Verdict
{
    Approve,
    Deny,
}

/// <param name="ScopeHash">The scope hash that the reviewer saw.</param>
/// <param name="Groups">The reviewer's groups among the approver groups.</param>
public sealed record GivenReview(Principal By, Verdict Verdict, string ScopeHash, IReadOnlyList<string> Groups)
{
    public IReadOnlyList<string> OtherAccounts { get; init; } = [];

    public bool IsBy(Caller caller) => caller.MayBeSamePersonAs(By, OtherAccounts);
}

public sealed record EndingDetails(EndingCause Cause, Principal By, string? Comment, DateTimeOffset At);

/// <summary>An extension that waits for approvals.</summary>
public sealed record WaitingExtension(TimeSpan Duration, string Reason, string ScopeHash)
{
    public IReadOnlyList<GivenReview> Reviews { get; init; } = [];
}

/// <summary>The review that has to follow a break-glass use.</summary>
public sealed record PostReview(DateTimeOffset ReviewBy)
{
    public IReadOnlyList<GivenReview> Reviews { get; init; } = [];

    public bool IsNotified { get; init; }

    public bool IsOverdue { get; init; }

    public bool IsConcluded { get; init; }
}

/// <summary>The state of one request that decisions need. The read models contain what is shown to users.</summary>
public sealed record AccessRequest(
    string Id,
    Principal Requester,
    IReadOnlyList<string> Groups,
    RequestTerms Terms,
    PolicySnapshot Policy,
    DateTimeOffset DecideBy,
    string Fingerprint,
    RequestStatus Status
)
{
    public IReadOnlyList<string> OtherAccounts { get; init; } = [];

    public IReadOnlyList<NamespacedRules> Rights { get; init; } = [];

    /// <summary>The hash that a review must contain to count for the current scope.</summary>
    public string ScopeHash { get; init; } = string.Empty;

    public IReadOnlyList<GivenReview> Reviews { get; init; } = [];

    public DateTimeOffset? ActivateBy { get; init; }

    /// <summary>The time from which on the cluster may hold rights of this request.</summary>
    public DateTimeOffset? ActivationStartedAt { get; init; }

    public DateTimeOffset? ActivatedAt { get; init; }

    /// <summary>When the grant was used first, as far as recorded.</summary>
    public DateTimeOffset? FirstUsedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Expiries that objects in the cluster may still have until an extension has been applied.</summary>
    public IReadOnlyList<DateTimeOffset> EarlierExpiries { get; init; } = [];

    public IReadOnlyList<BindingRef> Bindings { get; init; } = [];

    /// <summary>The service account of an ephemeral grant, once its activation has started.</summary>
    public ServiceAccountRef? ServiceAccount { get; init; }

    /// <summary>
    /// The installation label of the grant's objects; null before the activation, and for grants from versions before
    /// this label.
    /// </summary>
    public string? Installation { get; init; }

    public WaitingExtension? Extension { get; init; }

    /// <summary>Reviews of extensions that no longer wait.</summary>
    public IReadOnlyList<GivenReview> PastReviews { get; init; } = [];

    public PostReview? PostReview { get; init; }

    public EndingDetails? Ending { get; init; }

    /// <summary>The number of failed attempts of the current step, activation or revocation.</summary>
    public int FailedAttempts { get; init; }

    /// <summary>The objects of the grant that are missing in its cluster.</summary>
    public IReadOnlyList<LostObject> Lost { get; init; } = [];

    /// <summary>The rights that the role of the grant allows, and that nobody approved.</summary>
    public IReadOnlyList<NamespacedRules> Unapproved { get; init; } = [];

    /// <summary>Recorded changes of the grant's objects that could be neither undone nor removed yet.</summary>
    public IReadOnlyList<Drift> Unremedied { get; init; } = [];

    /// <summary>How often its objects in the cluster, or its role, were found changed.</summary>
    public int Alterations { get; init; }

    /// <summary>
    /// True for an active grant if this object is recorded as missing, including missing objects whose kind was not
    /// recorded.
    /// </summary>
    public bool Lacks(GrantObjectKind kind, string? ns) =>
        Status is RequestStatus.Active
        && Lost.Any(one => (one.Kind ?? kind) == kind && one.Namespace == ns && one.Name == BindingRef.NameFor(Id));

    public bool IsFinal => Status.IsFinal();

    /// <summary>
    /// Returns the end of validity of a token of an active grant: its own expiry, or the expiry of the grant if that is
    /// earlier.
    /// </summary>
    public DateTimeOffset GoodUntil(DateTimeOffset? tokenEnds) =>
        tokenEnds < ExpiresAt ? tokenEnds.Value : ExpiresAt!.Value;

    public bool IsEphemeral => Policy.Enforcement is Enforcement.Ephemeral;

    /// <summary>Returns what the request gives in its cluster.</summary>
    /// <param name="userName">The user name of the requester in the cluster.</param>
    /// <param name="credentialNamespace">The namespace in which a service account is created if the activation has not
    /// named one yet.</param>
    public Grant Grant(string userName, string credentialNamespace, DateTimeOffset expiresAt) =>
        new(Id, Installation, Terms.Scope, userName, AccountIn(credentialNamespace), expiresAt, EarlierExpiries);

    /// <summary>Returns all objects that the grant has in the cluster.</summary>
    /// <param name="credentialNamespace">As for <see cref="Grant"/>.</param>
    public IReadOnlyList<GrantObjectRef> Objects(string credentialNamespace) =>
        GrantObjects.Of(Id, Terms.Scope, AccountIn(credentialNamespace));

    /// <summary>
    /// Returns the objects that may exist in the cluster: there is no service account unless an event has announced it.
    /// </summary>
    public IReadOnlyList<GrantObjectRef> ObjectsOnceAnnounced() => GrantObjects.Of(Id, Terms.Scope, ServiceAccount);

    private ServiceAccountRef? AccountIn(string credentialNamespace) =>
        IsEphemeral ? ServiceAccount ?? ServiceAccountRef.For(Id, credentialNamespace) : null;

    /// <summary>
    /// False if the policy approves without a review, and for break-glass, which is reviewed afterwards.
    /// </summary>
    public bool NeedsReviews => !Policy.Automatic && PostReview is null;

    /// <summary>Returns the approvals of the current scope. Earlier approvals of a wider scope do not count.</summary>
    public IEnumerable<GivenReview> CountingApprovals() =>
        Reviews.Where(review => review.Verdict is Verdict.Approve && review.ScopeHash == ScopeHash);

    /// <summary>True if the caller may do what only the requester may do.</summary>
    public bool BelongsTo(Caller caller) => caller.IsSamePersonAs(Requester);

    /// <summary>True if the caller must not do what the requester must not do.</summary>
    public bool MayBeRequestedBy(Caller caller) => caller.MayBeSamePersonAs(Requester, OtherAccounts);

    public static AccessRequest? Evolve(string id, AccessRequest? state, AccessRequestEvent @event) =>
        (state, @event) switch
        {
            (null, Requested e) => new(
                id,
                e.Requester,
                e.Groups,
                e.Terms,
                e.Policy,
                e.DecideBy,
                e.Fingerprint,
                RequestStatus.Pending
            )
            {
                OtherAccounts = e.OtherAccounts ?? [],
                Rights = e.Rights ?? [],
                ScopeHash = e.ScopeHash ?? string.Empty,
                PostReview = e.ReviewBy is { } reviewBy ? new(reviewBy) : null,
            },
            ({ } s, Reviewed e) => s with
            {
                Reviews =
                [
                    .. s.Reviews,
                    new(e.By, e.Verdict, e.ScopeHash ?? string.Empty, e.Groups ?? [])
                    {
                        OtherAccounts = e.OtherAccounts ?? [],
                    },
                ],
            },
            ({ } s, Narrowed e) => s with { Terms = e.Terms, Rights = e.Rights, ScopeHash = e.ScopeHash },
            ({ } s, Approved e) => s with { Status = RequestStatus.Approved, ActivateBy = e.ActivateBy },
            ({ } s, ApprovalVoided e) => s with
            {
                Status = RequestStatus.Pending,
                DecideBy = e.DecideBy,
                ActivateBy = null,
                FailedAttempts = 0,
                Reviews = [.. s.Reviews.Where(review => !e.Reviewers.Contains(review.By.Subject))],
            },
            ({ } s, Denied) => s with { Status = RequestStatus.Denied },
            ({ } s, Withdrawn) => s with { Status = RequestStatus.Withdrawn },
            ({ } s, Lapsed) => s with { Status = RequestStatus.Lapsed },
            ({ } s, ActivationStarted e) => s with
            {
                Status = RequestStatus.Activating,
                ServiceAccount = e.ServiceAccount,
                Installation = e.Installation,
                ActivationStartedAt = e.At,
            },
            ({ } s, ActivationDelayed e) => s with { FailedAttempts = e.Attempt },
            ({ } s, Activated e) => s with
            {
                Status = RequestStatus.Active,
                ActivatedAt = e.At,
                ExpiresAt = e.ExpiresAt,
                Bindings = e.Bindings,
                FailedAttempts = 0,
            },
            ({ } s, ExtensionRequested e) => s with { Extension = new(e.Duration, e.Reason, e.ScopeHash) },
            ({ Extension: { } x } s, ExtensionReviewed e) => s with
            {
                Extension = x with
                {
                    Reviews =
                    [
                        .. Left(x.Reviews, e.Lost),
                        Given(e.By, e.Verdict, e.ScopeHash, e.Groups, e.OtherAccounts),
                    ],
                },
            },
            ({ } s, Extended e) => s.WithoutExtension() with
            {
                ExpiresAt = e.ExpiresAt,
                EarlierExpiries = [.. s.EarlierExpiries, s.ExpiresAt ?? e.ExpiresAt],
            },
            ({ } s, ExtensionDenied) => s.WithoutExtension(),
            ({ } s, EndingStarted e) => s.WithoutExtension() with
            {
                Status = RequestStatus.Ending,
                Ending = new(e.Cause, e.By, e.Comment, e.At),
                FailedAttempts = 0,
            },
            ({ } s, RevocationDelayed e) => s with { FailedAttempts = e.Attempt },
            ({ } s, Ended) => s with { Status = RequestStatus.Ended },
            ({ } s, DriftFound e) => s with
            {
                Lost = LostObjects.After(s.Lost, e.Drift, e.At),
                Unremedied = UnremediedAfter(s.Unremedied, e.Drift),
                Alterations = s.Alterations + 1,
            },
            ({ } s, RoleGrown e) => s with { Unapproved = e.Unapproved, Alterations = s.Alterations + 1 },
            ({ } s, RoleShrunk e) => s with { Unapproved = e.Unapproved, Alterations = s.Alterations + 1 },
            ({ } s, Failed) => s with { Status = RequestStatus.Failed },
            ({ } s, FirstUsed e) => s with { FirstUsedAt = e.UsedAt },
            ({ PostReview: { } debt } s, ApproversNotified) => s with { PostReview = debt with { IsNotified = true } },
            ({ PostReview: { } debt } s, BreakGlassReviewed e) => s with
            {
                PostReview = debt with
                {
                    Reviews =
                    [
                        .. Left(debt.Reviews, e.Lost),
                        Given(e.By, e.Verdict, e.ScopeHash, e.Groups, e.OtherAccounts),
                    ],
                },
            },
            ({ PostReview: { } debt } s, BreakGlassConcluded) => s with
            {
                PostReview = debt with { IsConcluded = true },
            },
            ({ PostReview: { } debt } s, ReviewOverdue) => s with { PostReview = debt with { IsOverdue = true } },
            _ => state,
        };

    private static IReadOnlyList<Drift> UnremediedAfter(IReadOnlyList<Drift> before, Drift drift) =>
        drift switch
        {
            { Kind: DriftKind.Edited, Remedy: DriftRemedy.Reported } => [.. before, drift],
            _ => [.. before.Where(earlier => !drift.IsAboutTheSameAs(earlier))],
        };

    private AccessRequest WithoutExtension() =>
        this with
        {
            Extension = null,
            PastReviews = [.. PastReviews, .. Extension?.Reviews ?? []],
        };

    private static IEnumerable<GivenReview> Left(IReadOnlyList<GivenReview> reviews, IReadOnlyList<string>? lost) =>
        lost is null ? reviews : reviews.Where(review => !lost.Contains(review.By.Subject));

    private static GivenReview Given(
        Principal by,
        Verdict verdict,
        string scopeHash,
        IReadOnlyList<string> groups,
        IReadOnlyList<string> otherAccounts
    ) => new(by, verdict, scopeHash, groups) { OtherAccounts = otherAccounts };
}
