using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Rights;
using JitFunctions.Domain.Scopes;
using static JitFunctions.Domain.Requests.AccessRequestCommand;

namespace JitFunctions.Domain.Tests.Samples;

/// <summary>Given events, when a command, then events or a refusal.</summary>
internal sealed class Scenario
{
    public const string Id = "3f9k2m7xq0ab";

    public static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    public static readonly Caller Alice = new(new("issuer#alice", "alice@example.com"), ["payments-devs"]);
    public static readonly Caller Bob = new(new("issuer#bob", "bob@example.com"), ["payments-leads"]);
    public static readonly Caller Beth = new(new("issuer#beth", "beth@example.com"), ["payments-leads", "security"]);
    public static readonly Caller Sam = new(new("issuer#sam", "sam@example.com"), ["security"]);
    public static readonly Caller Carol = new(
        new("issuer#carol", "carol@example.com"),
        ["platform-admins"],
        IsAdministrator: true
    );
    public static readonly Caller Mallory = new(new("issuer#mallory", "mallory@example.com"), []);

    public static readonly BindingRef Binding = new("payments", $"jit-{Id}", "uid-1");
    public static readonly DenialProof DeniedProof = new(DenialVerdict.Denied, "none");
    public static readonly RequestTerms Terms = new(
        new Scope("demo", ["payments"], ClusterWide: false, new RoleRef(RoleKind.ClusterRole, "edit")),
        TimeSpan.FromMinutes(30),
        "why",
        null
    );
    public static readonly IReadOnlyList<NamespacedRules> RoleRights =
    [
        new(["payments"], [new RbacRule([""], ["configmaps"], ["get", "update"])]),
    ];

    /// <summary>One payments lead approves; extensions are reviewed.</summary>
    public static readonly PolicySnapshot Policy = Asking(new ApprovalRequirement(["payments-leads"], 1));

    /// <summary>The scope of <see cref="Terms"/>, as its reviewers have seen it.</summary>
    public static readonly string Seen = ScopeHash.Of(Alice.Principal, Terms, RoleRights, Policy);

    private AccessRequest _state;

    private Scenario(AccessRequest state) => _state = state;

    public AccessRequest State => _state;

    public static PolicySnapshot Asking(params ApprovalRequirement[] requirements) =>
        new(
            "payments",
            "sha256:1",
            false,
            [.. requirements.SelectMany(x => x.Groups).Distinct()],
            requirements.Sum(x => x.Count),
            TimeSpan.FromHours(4)
        )
        {
            Requirements = requirements,
            Extension = new(TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), Reviewed: true),
        };

    /// <summary>A request, by Alice unless said otherwise, under some policy.</summary>
    public static Scenario Opened(
        PolicySnapshot policy,
        RequestTerms? terms = null,
        IReadOnlyList<NamespacedRules>? rights = null,
        Caller? by = null
    ) =>
        new(
            AccessRequestDecider
                .Open(by ?? Alice, terms ?? Terms, policy, rights ?? RoleRights, [], "f", Noon)
                .Aggregate((AccessRequest?)null, (state, e) => AccessRequest.Evolve(Id, state, e))!
        );

    /// <summary>A request by Alice that waits for <paramref name="approvals"/> payments leads.</summary>
    public static Scenario Pending(int approvals = 1, bool automatic = false) =>
        Opened(
            automatic
                ? Policy with
                {
                    Automatic = true,
                    ApproverGroups = [],
                    Requirements = [],
                }
                : Asking(new ApprovalRequirement(["payments-leads"], approvals))
        );

    public static Scenario In(RequestStatus status) =>
        status switch
        {
            RequestStatus.Pending => Pending(),
            RequestStatus.Approved => Pending().Approve(Bob),
            RequestStatus.Activating => In(RequestStatus.Approved).Begin(),
            RequestStatus.Active => In(RequestStatus.Activating).Confirm(),
            RequestStatus.Ending => In(RequestStatus.Active).Do(new Expire(Noon.AddMinutes(30))),
            RequestStatus.Ended => In(RequestStatus.Ending).Do(new ConfirmRevocation(DeniedProof, Noon.AddMinutes(30))),
            RequestStatus.Denied => Pending().Do(new Review(Bob, Verdict.Deny, Seen, null, Noon)),
            RequestStatus.Withdrawn => Pending().Do(new Withdraw(Alice, null, Noon)),
            RequestStatus.Lapsed => Pending().Do(new Lapse(Noon.AddHours(4))),
            RequestStatus.Failed => In(RequestStatus.Activating)
                .Do(new AbandonActivation("no such namespace", Noon))
                .Do(new ConfirmRevocation(DeniedProof, Noon)),
            _ => throw new ArgumentOutOfRangeException(nameof(status)),
        };

    /// <summary>Approved, to begin two hours after noon.</summary>
    public static Scenario Scheduled() => Opened(Policy, Terms with { Start = Noon.AddHours(2) }).Approve(Bob);

    /// <summary>Active until half past noon; half an hour more waits for a payments lead.</summary>
    public static Scenario ExtensionWaits() =>
        In(RequestStatus.Active).Do(new Extend(Alice, TimeSpan.FromMinutes(30), "not done", null, Noon));

    /// <summary>Had at once; one payments lead owes the review within a day.</summary>
    public static Scenario BreakGlass() =>
        Opened(Policy with { ReviewWithin = TimeSpan.FromDays(1) }, Terms with { BreakGlass = true });

    /// <summary>Approved, by a policy that has a service account made for each grant.</summary>
    public static Scenario Ephemeral() => Opened(Policy with { Enforcement = Enforcement.Ephemeral }).Approve(Bob);

    /// <summary>What whoever looks at the request now sees, and approves.</summary>
    public Review Approval(Caller by, ScopeNarrowing? narrowing = null) =>
        new(by, Verdict.Approve, _state.Extension?.ScopeHash ?? _state.ScopeHash, null, Noon, narrowing)
        {
            Reviewers = Unchanged(by),
        };

    /// <summary>
    /// What the directory says where nobody has left a group: not who reviewed, nor whoever does now.
    /// </summary>
    public ReviewerFacts Unchanged(Caller by)
    {
        var groups = Earlier(_state)
            .ToDictionary(given => given.By.Subject, given => (IReadOnlyList<string>?)given.Groups);
        groups[by.Principal.Subject] = by.Groups;
        return new(new("sha256:1", ["platform-admins"], [], LinkedAccounts.None, [], []), groups, null);
    }

    /// <summary>The same, but that somebody is in other groups; null when nobody can tell in which.</summary>
    public ReviewerFacts Changed(Caller by, Caller who, params string[]? groups)
    {
        var facts = Unchanged(by);
        return facts with
        {
            Groups = new Dictionary<string, IReadOnlyList<string>?>(facts.Groups) { [who.Principal.Subject] = groups },
        };
    }

    private static IEnumerable<GivenReview> Earlier(AccessRequest state) =>
        (state.Extension?.Reviews ?? state.PostReview?.Reviews ?? state.Reviews).DistinctBy(given => given.By.Subject);

    public Scenario Approve(Caller by, ScopeNarrowing? narrowing = null) => Do(Approval(by, narrowing));

    public Scenario Begin(DateTimeOffset? at = null) =>
        Do(new DecideActivation(new Eligibility.Go(_state.ScopeHash), at ?? Noon, "jit-access"));

    public Scenario Confirm(DateTimeOffset? at = null) =>
        Do(new ConfirmActivation((at ?? Noon) + _state.Terms.Duration, [Binding], at ?? Noon));

    public Scenario Do(AccessRequestCommand command)
    {
        var accepted = Assert.IsType<Decision.Accepted>(AccessRequestDecider.Decide(_state, command));
        _state = accepted.Events.Aggregate(_state, (state, e) => AccessRequest.Evolve(state.Id, state, e)!);
        return this;
    }

    public Decision When(AccessRequestCommand command) => AccessRequestDecider.Decide(_state, command);

    public Rejection ThenRefused(AccessRequestCommand command, string code)
    {
        var why = Assert.IsType<Decision.Rejected>(When(command)).Why;
        Assert.Equal(code, why.Code);
        return why;
    }

    public void ThenNothing(AccessRequestCommand command) =>
        Assert.Empty(Assert.IsType<Decision.Accepted>(When(command)).Events);

    public void Then(AccessRequestCommand command, params AccessRequestEvent[] events) =>
        EventAssert.Equal(events, Assert.IsType<Decision.Accepted>(When(command)).Events);
}
