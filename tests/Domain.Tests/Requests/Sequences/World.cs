using CsCheck;
using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Rights;
using JitFunctions.Domain.Scopes;
using static JitFunctions.Domain.Tests.Rights.Rules;
using static JitFunctions.Domain.Tests.Samples.Scenario;

namespace JitFunctions.Domain.Tests.Requests.Sequences;

/// <summary>A request under a policy, and what people and the system do about it then.</summary>
internal sealed record World(
    AccessPolicy Policy,
    Caller Requester,
    RequestTerms Terms,
    IReadOnlyList<NamespacedRules> Rights,
    IReadOnlyList<Step> Steps
)
{
    public static readonly RbacRule[] AdHoc = [Rule("get delete", "pods", "core", "a", "b"), Rule("get", "services")];

    private const string Version = "sha256:1";

    private static readonly RoleRef Edit = new(RoleKind.ClusterRole, "edit");

    private static readonly Gen<ApprovalRule> SomeApproval =
        from requirements in Gen.Select(
            Gen.Shuffle(People.ApproverGroups, 1, 2),
            Gen.Frequency((3, 1), (1, 2)),
            (groups, count) => new ApprovalRequirement(groups, count)
        ).Array[1, 2]
        from automatic in Gen.Frequency<AutomaticCondition?>(
            (6, null),
            (1, AutomaticCondition.Always),
            (1, AutomaticCondition.Always with { MaxDuration = TimeSpan.FromMinutes(20) })
        )
        select new ApprovalRule(requirements, automatic);

    private static readonly Gen<AccessHours?> SomeHours = Gen.Frequency<AccessHours?>(
        (3, null),
        (1, new AccessHours("Europe/Berlin", [new(Enum.GetValues<DayOfWeek>(), new(8, 0), new(16, 0))]))
    );

    private static readonly Gen<ExtensionRule?> SomeExtension = Gen.Frequency<ExtensionRule?>(
        (1, null),
        (2, new ExtensionRule(TimeSpan.FromMinutes(40), TimeSpan.FromMinutes(90), Reviewed: true)),
        (1, new ExtensionRule(TimeSpan.FromMinutes(40), TimeSpan.FromMinutes(90), Reviewed: false))
    );

    private static readonly Gen<AccessPolicy> SomePolicy =
        from approval in SomeApproval
        from hours in SomeHours
        from extension in SomeExtension
        from enforcement in Gen.OneOf(Enforcement.Identity, Enforcement.Ephemeral)
        select new AccessPolicy(
            "payments",
            new Subjects([People.Requesters], [], [People.Leavers], []),
            new ScopeLimits([new("demo")], [new("*")], new Dictionary<string, string>(), false, [Edit], AdHoc),
            new TimeLimits(
                TimeSpan.FromMinutes(30),
                TimeSpan.FromHours(1),
                TimeSpan.FromHours(4),
                TimeSpan.FromDays(1),
                hours
            ),
            approval
        )
        {
            Extension = extension,
            Enforcement = enforcement,
            BreakGlass = new(TimeSpan.FromMinutes(30), TimeSpan.FromHours(2)),
        };

    private static readonly Gen<RequestTerms> SomeTerms =
        from places in Gen.Shuffle(new[] { "billing", "orders", "payments" }, 1, 3)
        from adHoc in Gen.Bool
        from minutes in Gen.Int[10, 50]
        from kind in Gen.Int[0, 9]
        select new RequestTerms(
            new Scope("demo", places, false, adHoc ? null : Edit, adHoc ? AdHoc : null),
            TimeSpan.FromMinutes(minutes),
            "why",
            null
        )
        {
            Start =
                kind is 0 or 1 ? Noon.AddMinutes(45)
                : kind is 2 ? Noon.AddMinutes(-45)
                : null,
            BreakGlass = kind is 3 or 4,
        };

    public static readonly Gen<World> Any =
        from policy in SomePolicy
        from requester in Gen.OneOf(People.Accounts.ToArray())
        from terms in SomeTerms
        from steps in Step.Any.List[5, 60]
        select new World(
            policy,
            People.Know(requester.Principal, [People.Requesters]),
            terms,
            terms.Scope.AdHocRights() ?? [new(terms.Scope.Namespaces, [Rule("get update", "configmaps")])],
            steps
        );

    /// <summary>Whatever else is so, the policies know everybody as <see cref="People"/> does.</summary>
    public PolicySet Policies => new(Version, [People.Administrators], [], People.Links, [], [Policy]);

    public PolicySnapshot Snapshot => Policy.Snapshot(Version, Terms, [], Noon);

    public bool IsAutomatic =>
        !Terms.BreakGlass && Policy.Approval.Automatic is { } condition && !(Terms.Duration > condition.MaxDuration);

    /// <summary>Everything that happens, one command after the other.</summary>
    public IEnumerable<SequenceStep> Play()
    {
        var state = AccessRequestDecider
            .Open(Requester, Terms, Snapshot, Rights, [], "f", Noon)
            .Aggregate((AccessRequest?)null, (s, e) => AccessRequest.Evolve(Id, s, e))!;
        yield return new(state, null, null, state, []);
        var (now, opened) = (Noon, state);
        foreach (var step in Steps)
        {
            now += step.After;
            var (command, facts) = step.Take(new(this, opened, state, now));
            var events = AccessRequestDecider.Decide(state, command) is Decision.Accepted accepted
                ? accepted.Events
                : [];
            var before = state;
            state = events.Aggregate(before, (s, e) => AccessRequest.Evolve(s.Id, s, e)!);
            yield return new(before, command, facts, state, events);
        }
    }

    public override string ToString() =>
        string.Join(
            '\n',
            Play().Select(moment => moment.ToString()).Prepend($"{Requester.Principal.Username} {Terms} {Snapshot}")
        );
}

/// <summary>
/// A command, the facts of the eligibility check if there was one, and the outcome. The first moment has no command.
/// </summary>
internal sealed record SequenceStep(
    AccessRequest Before,
    AccessRequestCommand? Command,
    EligibilityFacts? Facts,
    AccessRequest After,
    IReadOnlyList<AccessRequestEvent> Events
)
{
    public override string ToString() =>
        $"{Before.Status} {Command} -> {After.Status} [{string.Join(", ", Events.Select(e => e.GetType().Name))}]";
}
