using CsCheck;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Rights;
using static JitFunctions.Domain.Requests.AccessRequestCommand;
using static JitFunctions.Domain.Tests.Rights.Rules;

namespace JitFunctions.Domain.Tests.Requests.Sequences;

/// <summary>Tries at activation.</summary>
internal static class Eligibilities
{
    /// <summary>Whatever somebody might claim to have found.</summary>
    public static readonly Gen<Func<Situation, Act>> Any = Gen.Frequency<Func<Situation, Eligibility>>(
            (10, at => new Eligibility.Go(at.State.ScopeHash)),
            (1, at => new Eligibility.Go(at.Opened.ScopeHash)),
            (1, _ => new Eligibility.Go("sha256:other")),
            (1, _ => new Eligibility.NotYet("away")),
            (1, _ => new Eligibility.Refuse("changed")),
            (
                2,
                at => new Eligibility.ReviewersLost(
                    [.. at.State.Reviews.Take(1).Select(review => review.By.Subject)],
                    "left"
                )
            ),
            (1, at => new Eligibility.ReviewersLost([.. at.State.Reviews.Select(review => review.By.Subject)], "left"))
        )
        .Select(eligibility =>
            (Func<Situation, Act>)(at => new(new DecideActivation(eligibility(at), at.Now, "jit-access")))
        );

    // No rights at all stand for those that were decided about.
    private static readonly Gen<IReadOnlyList<NamespacedRules>?> SomeRights =
        Gen.Frequency<IReadOnlyList<NamespacedRules>?>((6, []), (1, [Everywhere(Rule("get", "pods"))]), (1, null));

    /// <summary>What the facts say, checked.</summary>
    public static readonly Gen<Func<Situation, Act>> ByFacts =
        from requester in Gen.Frequency<IReadOnlyList<string>?>(
            (6, [People.Requesters]),
            (1, []),
            (1, [People.Requesters, People.Leavers]),
            (1, null)
        )
        from facts in People.SomeFacts
        from rights in SomeRights
        from gone in Gen.Frequency<string?>((10, null), (1, "gone"))
        select (Func<Situation, Act>)(
            at =>
                Checked(
                    at,
                    new(
                        at.World.Policies,
                        requester,
                        facts.Groups,
                        new ClusterFacts(null, rights is [] ? at.State.Rights : rights, null),
                        null
                    )
                    {
                        RequesterGone = gone,
                        LinkedGroups = facts.Linked,
                    }
                )
        );

    private static Act Checked(Situation at, EligibilityFacts facts) =>
        new(new DecideActivation(EligibilityCheck.Decide(at.State, facts, at.Now), at.Now, "jit-access"), facts);
}
