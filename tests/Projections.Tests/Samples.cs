using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Rights;
using JitFunctions.Domain.Scopes;
using static JitFunctions.Domain.Requests.AccessRequestEvent;

namespace JitFunctions.Projections.Tests;

/// <summary>One sample of every event, and a request to start from.</summary>
internal static class Samples
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
    public static readonly Principal Alice = new("https://issuer#a1", "alice@example.com");
    public static readonly Principal Bob = new("https://issuer#b2", "bob@example.com");
    public static readonly Provenance ByAlice = new(Alice, "api", "trace-1");
    public static readonly Provenance ByBob = new(Bob, "api", "trace-2");
    public static readonly Provenance BySystem = new(Principal.System, "orchestration", null);
    public static readonly RequestTerms Terms = new(
        new Scope("demo", ["payments"], ClusterWide: false, new RoleRef(RoleKind.ClusterRole, "edit")),
        TimeSpan.FromMinutes(90),
        "restart the stuck consumer",
        "INC-4711"
    );
    public static readonly PolicySnapshot Policy = new(
        "payments-on-call",
        "sha256:00",
        false,
        ["payments-leads"],
        1,
        TimeSpan.FromHours(4)
    )
    {
        Requirements = [new(["payments-leads"], 1)],
        Source = "payments.yaml:3",
        Hours = new("Europe/Berlin", [new([DayOfWeek.Monday, DayOfWeek.Tuesday], new(8, 0), new(18, 0))]),
        Extension = new(TimeSpan.FromMinutes(30), TimeSpan.FromHours(4), Reviewed: true),
        ReviewWithin = TimeSpan.FromHours(24),
        Enforcement = Enforcement.Ephemeral,
    };
    public static readonly IReadOnlyList<NamespacedRules> Rights =
    [
        new(["payments"], [new([""], ["pods"], ["get", "list"], ["consumer-1"])]),
    ];
    public static readonly IReadOnlyList<DangerousRight> Dangers =
    [
        new("read-secrets", DangerReach.Namespace, "can read every secret in payments"),
    ];
    public static readonly string Hash = ScopeHash.Of(Alice, Terms, Rights, Policy);
    public static readonly BindingRef Binding = new("payments", "jit-3f9k2m7xq0ab", "uid-1");

    public static readonly IReadOnlyList<object> Events =
    [
        new Requested(
            Alice,
            ["payments-devs"],
            Terms with
            {
                Start = Noon.AddHours(1),
            },
            Policy,
            Noon.AddHours(4),
            "fingerprint",
            Noon,
            Rights,
            Dangers,
            "sha256:01",
            Noon.AddHours(24),
            ["alice.admin@example.com"],
            new AlreadyHeld("9z8y7x6w5v4u", Noon.AddMinutes(20), "RBAC: allowed by RoleBinding \"team/payments\"")
        ),
        new Reviewed(Bob, Verdict.Approve, "go", Noon, "sha256:01", ["payments-leads"], []),
        new Narrowed(
            Bob,
            Terms with
            {
                Scope = Terms.Scope with { Role = null, Rules = Rights[0].Rules },
            },
            Rights,
            Dangers,
            "sha256:02",
            Noon
        ),
        new ApprovalVoided([Bob.Subject], "bob@example.com may no longer approve this.", Noon.AddHours(4), Noon),
        new Approved(Automatic: false, Noon.AddHours(1), Noon),
        new Denied(Bob, "not today", Noon),
        new Withdrawn(Alice, null, Noon),
        new Lapsed(Noon),
        new ActivationStarted(Noon, new("jit-access", "jit-3f9k2m7xq0ab"), "7h2k9m3xq0ab"),
        new ActivationDelayed(2, "the cluster does not answer", Noon),
        new Activated(Noon.AddMinutes(90), [Binding], Noon),
        new CredentialIssued(Alice, Noon.AddMinutes(90), Noon),
        new ExtensionRequested(TimeSpan.FromMinutes(30), "not done yet", "sha256:03", NeedsReview: true, Noon),
        new ExtensionReviewed(
            Bob,
            Verdict.Approve,
            "go on",
            Noon,
            "sha256:03",
            ["payments-leads"],
            [],
            ["https://issuer#c3"]
        ),
        new Extended(Noon.AddHours(2), Noon),
        new ExtensionDenied(Bob, "enough", Noon),
        new EndingStarted(EndingCause.Relinquished, Alice, "done", Noon),
        new RevocationDelayed(3, AlarmLevel.Error, "the cluster does not answer", Noon),
        new Ended(
            EndingCause.Expired,
            new DenialProof(
                DenialVerdict.StillAllowed,
                "get pods in payments: RoleBinding by-hand in payments",
                [
                    new(
                        "payments",
                        "by-hand",
                        "ClusterRole/edit",
                        "User/alice@example.com",
                        Noon.AddMinutes(-1),
                        Noon,
                        DuringGrant: true
                    ),
                ]
            ),
            Noon
        ),
        new Failed("no such namespace", Noon),
        new DriftFound(
            new Drift(
                DriftKind.Edited,
                "payments",
                "jit-3f9k2m7xq0ab",
                "another subject",
                DriftRemedy.Restored,
                GrantObjectKind.RoleBinding
            ),
            Noon
        ),
        new RoleGrown(Rights, Dangers, Rights, Noon, "what was added is 20000 characters long"),
        new RoleShrunk(Rights, [], Noon),
        new ApproversNotified(["payments-leads"], Noon),
        new BreakGlassReviewed(
            Bob,
            Verdict.Approve,
            "understandable",
            Noon,
            "sha256:01",
            ["payments-leads"],
            [],
            ["https://issuer#c3"]
        ),
        new BreakGlassConcluded(Justified: true, Noon),
        new ReviewOverdue(Noon),
        new FirstUsed(Noon.AddMinutes(2), "5e1f", "deleted pod payments/web-1", Noon.AddMinutes(3)),
        new PolicyEvent.Published(
            "sha256:00",
            [new("payments.yaml", "policies: []\n")],
            "carol@example.com",
            "folder policies",
            ["payments.yaml: new, 1 lines"],
            Noon
        ),
        new PolicyEvent.Rejected(
            "sha256:04",
            "carol@example.com",
            "folder policies",
            ["payments.yaml:1:1: not YAML"],
            Noon
        ),
        new ClusterEvent.StrayBindingRemoved(
            "payments",
            "jit-000000000000",
            "ClusterRole/edit",
            ["User/mallory"],
            Noon,
            3,
            [new("jit-000000000001", "ClusterRole/view", ["User/mallory"])]
        ),
        new ClusterEvent.ActionsRecorded("demo", "webhook", ["5e1f"], ["a0b1"], 3, Noon),
        new ClusterEvent.AuditIdReused(
            [new("1", "ResponseComplete", ["mallory", "mallory@example.com"], ["5e1f", "6f20"])],
            Noon
        ),
        new InstallationEvent.Created("7h2k9m3xq0ab", Noon),
    ];

    public static IReadOnlyList<AccessRequestEvent> Open() => Open(As(Alice, "payments-devs"), Terms);

    public static IReadOnlyList<AccessRequestEvent> Open(Caller who, RequestTerms terms) =>
        AccessRequestDecider.Open(
            who,
            terms,
            Policy with
            {
                Hours = null,
                ReviewWithin = terms.BreakGlass ? Policy.ReviewWithin : null,
            },
            Rights,
            Dangers,
            "fingerprint",
            Noon
        );

    public static AccessRequestCommand.Review Approves(Principal who, DateTimeOffset at, string? comment = null) =>
        new(As(who, "payments-leads"), Verdict.Approve, Hash, comment, at);

    public static AccessRequestCommand.DecideActivation Begins(DateTimeOffset at) => new(new Eligibility.Go(Hash), at);

    public static Caller As(Principal who, params string[] groups) => new(who, groups);
}
