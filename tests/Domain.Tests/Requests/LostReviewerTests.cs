using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Scopes;
using static JitFunctions.Domain.Tests.Requests.ActivationSamples;
using static JitFunctions.Domain.Tests.Samples.ExpectedEvents;
using static JitFunctions.Domain.Tests.Samples.PolicySamples;
using static JitFunctions.Domain.Tests.Samples.Scenario;

namespace JitFunctions.Domain.Tests.Requests;

/// <summary>Reviewers who have lost, until the activation, what they approved as.</summary>
public sealed class LostReviewerTests
{
    [Fact]
    public void A_reviewer_who_has_left_the_group_no_longer_counts() => Lost([Bob], BobIn("everyone"));

    [Fact]
    public void A_reviewer_who_has_lost_the_one_group_that_was_needed_no_longer_counts_for_it()
    {
        Lost([Beth], BethIn("payments-leads"));
        Assert.IsType<Eligibility.Go>(Check(BethIn("security")));
    }

    [Fact]
    public void A_reviewer_who_has_become_an_administrator_no_longer_counts() =>
        Lost([Bob], BobIn("payments-leads", "platform-admins"));

    [Theory]
    [InlineData("platform-admins", typeof(Eligibility.ReviewersLost))]
    [InlineData("everyone", typeof(Eligibility.Go))]
    [InlineData(null, typeof(Eligibility.NotYet))]
    public void A_reviewer_who_is_an_administrator_under_another_account_does_not_count(string? group, Type expected)
    {
        var facts = Facts() with
        {
            Policies = TheirPolicies with
            {
                Accounts = new([
                    ["bob@example.com", "bob-adm@example.com"],
                ]),
            },
            LinkedGroups = new Dictionary<string, IReadOnlyList<string>?>
            {
                ["bob-adm@example.com"] = group is null ? null : [group],
            },
        };
        Assert.IsType(expected, Check(facts));
    }

    [Fact]
    public void A_reviewer_who_turns_out_to_be_the_requester_no_longer_counts()
    {
        Lost(
            [Bob],
            Facts() with
            {
                Policies = TheirPolicies with
                {
                    Accounts = new([
                        ["alice@example.com", "bob@example.com"],
                    ]),
                },
            }
        );
        var linked = Approved with { OtherAccounts = ["BOB@example.com"] };
        Assert.IsType<Eligibility.ReviewersLost>(EligibilityCheck.Decide(linked, Facts(), Noon));
    }

    [Fact]
    public void A_reviewer_counts_as_nothing_that_they_have_become_since() =>
        Lost([Beth], Facts(["payments-leads", "security"], ["payments-leads"]));

    [Fact]
    public void Several_may_be_lost_at_once() => Lost([Bob, Beth], Facts([], []));

    [Fact]
    public void Where_it_is_enough_without_them_nobody_has_to_know_about_the_others()
    {
        var three = Approved with { Reviews = [.. Approved.Reviews, Review(Sam)] };
        Assert.IsType<Eligibility.Go>(EligibilityCheck.Decide(three, With(Facts(), Sam, null), Noon));
        Assert.IsType<Eligibility.Go>(EligibilityCheck.Decide(three, With(Facts(), Sam, []), Noon));
        Assert.IsType<Eligibility.NotYet>(EligibilityCheck.Decide(three, With(BethIn(), Sam, null), Noon));
        Assert.IsType<Eligibility.Go>(EligibilityCheck.Decide(three, With(BethIn(), Sam, ["security"]), Noon));
    }

    [Fact]
    public void Where_it_would_not_be_enough_even_with_the_unknown_nobody_waits_for_them() =>
        Lost([Beth], Facts(null, ["payments-leads"]));

    [Fact]
    public void Approvals_of_a_wider_scope_do_not_count()
    {
        var narrowed = Opened(Asking(new ApprovalRequirement(["payments-leads"], 2)))
            .Approve(Bob)
            .Approve(Beth, new(TimeSpan.FromMinutes(5), null, null))
            .State;
        Assert.IsType<Eligibility.ReviewersLost>(EligibilityCheck.Decide(narrowed, Facts(), Noon));
    }

    [Fact]
    public void Where_nobody_had_to_approve_nobody_is_asked_again()
    {
        Assert.IsType<Eligibility.Go>(EligibilityCheck.Decide(Pending(automatic: true).State, NoReviewers(), Noon));
        Assert.IsType<Eligibility.Go>(EligibilityCheck.Decide(BreakGlass().State, NoReviewers(), Noon));
    }

    [Fact]
    public void A_request_whose_reviewers_are_lost_waits_for_others_and_they_may_come_back()
    {
        var scenario = Opened(Asking(OneLead, OneOfSecurity)).Approve(Bob).Approve(Beth);
        var beth = new AccessRequestCommand.DecideActivation(Check(BethIn("payments-leads")), Noon.AddMinutes(30));
        scenario.Then(
            beth,
            new AccessRequestEvent.ApprovalVoided(
                ["issuer#beth"],
                "beth@example.com may no longer approve this.",
                Noon.AddMinutes(30 + 240),
                Noon.AddMinutes(30)
            )
        );
        scenario.Do(beth);
        Assert.Equal(
            (RequestStatus.Pending, Noon.AddMinutes(30 + 240), null),
            (scenario.State.Status, scenario.State.DecideBy, scenario.State.ActivateBy)
        );
        Assert.Equal([Bob.Principal], scenario.State.CountingApprovals().Select(review => review.By));

        scenario.ThenNothing(scenario.Approval(Bob) with { Now = Noon.AddHours(4) });
        var (hash, later) = (scenario.State.ScopeHash, Noon.AddHours(4));
        scenario.Then(
            scenario.Approval(Beth) with
            {
                Now = later,
            },
            ReviewedBy(Beth, groups: LeadsAndSecurity, hash: hash, at: later),
            ApprovedAt(later)
        );
        scenario.Then(
            scenario.Approval(Sam) with
            {
                Now = later,
            },
            ReviewedBy(Sam, groups: Security, hash: hash, at: later),
            ApprovedAt(later)
        );
    }

    [Fact]
    public void Reviewers_who_are_lost_when_the_cluster_may_hold_rights_already_end_it()
    {
        var scenario = In(RequestStatus.Activating)
            .Do(
                new AccessRequestCommand.DecideActivation(
                    new Eligibility.ReviewersLost([Bob.Principal.Subject], "left"),
                    Noon
                )
            );
        Assert.Equal(RequestStatus.Ending, scenario.State.Status);
    }

    private static EligibilityFacts With(EligibilityFacts facts, Caller reviewer, IReadOnlyList<string>? groups) =>
        facts with
        {
            ReviewerGroups = new Dictionary<string, IReadOnlyList<string>?>(facts.ReviewerGroups)
            {
                [reviewer.Principal.Subject] = groups,
            },
        };

    private static GivenReview Review(Caller by) => new(by.Principal, Verdict.Approve, Approved.ScopeHash, by.Groups);

    private static void Lost(Caller[] reviewers, EligibilityFacts facts) =>
        Assert.Equal(
            reviewers.Select(reviewer => reviewer.Principal.Subject),
            Assert.IsType<Eligibility.ReviewersLost>(Check(facts)).Reviewers
        );
}
