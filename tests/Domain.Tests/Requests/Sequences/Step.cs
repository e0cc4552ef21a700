using CsCheck;
using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Rights;
using JitFunctions.Domain.Scopes;
using static JitFunctions.Domain.Requests.AccessRequestCommand;
using static JitFunctions.Domain.Tests.Rights.Rules;
using static JitFunctions.Domain.Tests.Samples.Scenario;

namespace JitFunctions.Domain.Tests.Requests.Sequences;

/// <summary>Where a step is taken from.</summary>
internal sealed record Situation(World World, AccessRequest Opened, AccessRequest State, DateTimeOffset Now);

/// <param name="Facts">The facts of the eligibility check, if there was one.</param>
internal sealed record Act(AccessRequestCommand Command, EligibilityFacts? Facts = null);

/// <summary>Something that somebody does some time after the step before, whatever it leads to.</summary>
internal sealed record Step(TimeSpan After, Func<Situation, Act> Take)
{
    /// <summary>Mostly what is asked now; else what was asked first, or something that nobody asked.</summary>
    private static readonly Gen<Func<Situation, string>> SomeHash = Gen.Frequency<Func<Situation, string>>(
        (8, at => at.State.Extension?.ScopeHash ?? at.State.ScopeHash),
        (1, at => at.State.ScopeHash),
        (1, at => at.Opened.ScopeHash),
        (1, _ => "sha256:other")
    );

    private static readonly Gen<ScopeNarrowing> Less =
        from minutes in Gen.Int[1, 60]
        from places in Gen.OneOf<string[]?>(null, null, ["payments"], ["orders", "payments"], ["kube-system"], [])
        from rules in Gen.OneOf<RbacRule[]?>(
            null,
            null,
            [Rule("get", "pods", "core", "a")],
            [.. World.AdHoc.Reverse()],
            [Rule("get", "pods")],
            [Rule("*", "*", "*")],
            []
        )
        select new ScopeNarrowing(minutes < 50 ? TimeSpan.FromMinutes(minutes) : null, places, rules);

    private static readonly Gen<Func<Situation, Act>> SomeReview = Reviews(approvals: 20);

    private static readonly Gen<Func<Situation, Act>> SomeEnding =
        from who in People.Anybody
        from requester in Gen.Bool
        from command in Gen.OneOf<Func<Caller, DateTimeOffset, AccessRequestCommand>>(
            (caller, now) => new Withdraw(caller, null, now),
            (caller, now) => new Relinquish(caller, null, now),
            (caller, now) => new Revoke(caller, null, now)
        )
        select (Func<Situation, Act>)(at => new(command(requester ? at.World.Requester : who, at.Now)));

    private static readonly Gen<Func<Situation, Act>> SomeExtension =
        from who in People.Anybody
        from requester in Gen.Frequency((3, true), (1, false))
        from minutes in Gen.Int[5, 60]
        from ineligible in Gen.Frequency<string?>((5, null), (1, "gone"))
        select (Func<Situation, Act>)(
            at =>
                new(
                    new Extend(
                        requester ? at.World.Requester : who,
                        TimeSpan.FromMinutes(minutes),
                        "more",
                        ineligible,
                        at.Now
                    )
                )
        );

    private static readonly Gen<Func<Situation, Act>> SomeCredential =
        from who in People.Anybody
        from requester in Gen.Bool
        select (Func<Situation, Act>)(at => new(new IssueCredential(requester ? at.World.Requester : who, at.Now)));

    private static readonly Gen<Func<Situation, Act>> SomeActivation =
        from minutes in Gen.Frequency((3, Gen.Const(0)), (1, Gen.Int[-20, 120]))
        select (Func<Situation, Act>)(
            at =>
                new(
                    new ConfirmActivation(
                        at.Now + at.State.Terms.Duration + TimeSpan.FromMinutes(minutes),
                        [Binding],
                        at.Now
                    )
                )
        );

    private static readonly Gen<Func<Situation, Act>> SomethingElse =
        from command in Gen.Frequency<Func<DateTimeOffset, AccessRequestCommand>>(
            (1, now => new Lapse(now)),
            (1, now => new DelayActivation("away", now)),
            (1, now => new AbandonActivation("gone", now)),
            (3, now => new Expire(now)),
            (1, now => new DelayRevocation("away", now)),
            (3, now => new ConfirmRevocation(DeniedProof, now)),
            (2, now => new MarkReviewOverdue(now)),
            (1, now => new RecordFirstUse(now, "5e1f", "read pod payments/web-1", now)),
            (1, now => new ConfirmNotification(People.ApproverGroups, now)),
            (1, now => new CompareRights([new(["payments"], [new([""], ["secrets"], ["get"])])], now)),
            (2, now => new CompareRights([new(["payments"], [new([""], ["configmaps"], ["list"])])], now)),
            (2, now => new CompareRights([], now)),
            (
                1,
                now => new ReportDrift(
                    new(DriftKind.Missing, "payments", Binding.Name, "gone", DriftRemedy.Reported),
                    now
                )
            )
        )
        select (Func<Situation, Act>)(at => new(command(at.Now)));

    /// <summary>What leads on from where the request is, so that many get far.</summary>
    private static readonly Gen<Func<Situation, Act>> Onward =
        from review in SomeReview
        from opinion in Reviews(approvals: 4)
        from eligibility in Gen.OneOf(Eligibilities.Any, Eligibilities.ByFacts)
        from activation in SomeActivation
        from extension in SomeExtension
        select (Func<Situation, Act>)(
            at =>
                at.State switch
                {
                    { Status: RequestStatus.Pending } => review(at),
                    { Extension: not null }
                    or { PostReview: { IsConcluded: false }, Status: not RequestStatus.Approved } => opinion(at),
                    { Status: RequestStatus.Approved } => eligibility(at),
                    { Status: RequestStatus.Activating } => activation(at),
                    { Status: RequestStatus.Active } => extension(at),
                    _ => new(new ConfirmRevocation(DeniedProof, at.Now)),
                }
        );

    /// <summary>Clocks of different machines differ a little.</summary>
    public static readonly Gen<Step> Any =
        from minutes in Gen.Frequency((8, Gen.Int[0, 10]), (2, Gen.Int[10, 60]), (1, Gen.Int[-2, 0]))
        from act in Gen.Frequency(
            (40, Onward),
            (12, SomeReview),
            (1, SomeEnding),
            (3, SomeExtension),
            (3, SomeCredential),
            (4, Eligibilities.Any),
            (2, Eligibilities.ByFacts),
            (3, SomeActivation),
            (8, SomethingElse)
        )
        select new Step(TimeSpan.FromMinutes(minutes), act);

    /// <param name="approvals">To one denial.</param>
    private static Gen<Func<Situation, Act>> Reviews(int approvals) =>
        from who in People.Anybody
        from hash in SomeHash
        from verdict in Gen.Frequency((approvals, Verdict.Approve), (1, Verdict.Deny))
        from narrowing in Gen.Frequency((5, Gen.Const((ScopeNarrowing)null!)), (2, Less))
        from ineligible in Gen.Frequency<Rejection?>((8, null), (1, Rejection.NotCovered("gone")))
        from changed in Gen.Frequency((5, false), (1, true))
        from facts in People.SomeFacts
        select (Func<Situation, Act>)(
            at =>
                new(
                    new Review(who, verdict, hash(at), null, at.Now, narrowing, ineligible)
                    {
                        Reviewers = changed
                            ? new(at.World.Policies, facts.Groups, null) { LinkedGroups = facts.Linked }
                            : Unchanged(at, who),
                    }
                )
        );

    /// <summary>What the directory says where nobody has left a group, and no other account administers.</summary>
    private static ReviewerFacts Unchanged(Situation at, Caller who)
    {
        var groups = (at.State.Extension?.Reviews ?? at.State.PostReview?.Reviews ?? at.State.Reviews)
            .DistinctBy(given => given.By.Subject)
            .ToDictionary(given => given.By.Subject, given => (IReadOnlyList<string>?)given.Groups);
        groups[who.Principal.Subject] = who.Groups;
        return new(at.World.Policies, groups, null)
        {
            LinkedGroups = People
                .Accounts.Select(account => account.Principal.Username.ToLowerInvariant())
                .Distinct()
                .ToDictionary(name => name, _ => (IReadOnlyList<string>?)[]),
        };
    }
}
