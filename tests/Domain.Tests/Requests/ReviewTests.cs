using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Scopes;
using static JitFunctions.Domain.Requests.AccessRequestCommand;
using static JitFunctions.Domain.Requests.AccessRequestEvent;
using static JitFunctions.Domain.Tests.Samples.ExpectedEvents;
using static JitFunctions.Domain.Tests.Samples.Scenario;

namespace JitFunctions.Domain.Tests.Requests;

public sealed class ReviewTests
{
    private static readonly Review BobApproves = new(Bob, Verdict.Approve, Seen, "go", Noon);
    private static readonly Review BethApproves = new(Beth, Verdict.Approve, Seen, null, Noon);
    private static readonly ApprovalRequirement OneLead = new(["payments-leads"], 1);
    private static readonly ApprovalRequirement OneOfSecurity = new(["security"], 1);

    [Fact]
    public void An_approver_approves() => Pending().Then(BobApproves, ReviewedBy(Bob, comment: "go"), ApprovedAt(Noon));

    [Fact]
    public void A_denial_ends_the_request() =>
        Pending()
            .Then(
                BobApproves with
                {
                    Verdict = Verdict.Deny,
                    Comment = "no",
                },
                ReviewedBy(Bob, Verdict.Deny, comment: "no"),
                new Denied(Bob.Principal, "no", Noon)
            );

    [Fact]
    public void One_denial_ends_a_request_that_others_have_approved()
    {
        var scenario = Pending(approvals: 2).Do(BobApproves).Do(BethApproves with { Verdict = Verdict.Deny });
        Assert.Equal(RequestStatus.Denied, scenario.State.Status);
    }

    [Fact]
    public void Nobody_fills_the_record_of_a_request_with_reviews_and_a_denial_is_always_heard()
    {
        var pending = Pending(approvals: 2);
        for (var i = 1; i <= 20; i++)
            pending.Approve(Bob, new ScopeNarrowing(Terms.Duration - TimeSpan.FromSeconds(i), null, null));
        pending.ThenRefused(
            pending.Approval(Bob, new ScopeNarrowing(TimeSpan.FromMinutes(1), null, null)),
            "too-many-reviews"
        );
        pending.ThenRefused(
            pending.Approval(
                Bob with
                {
                    Principal = new("issuer#bob-2", "BOB@example.com"),
                },
                new ScopeNarrowing(TimeSpan.FromMinutes(1), null, null)
            ),
            "too-many-reviews"
        );
        pending.ThenNothing(pending.Approval(Bob));
        var hash = pending.State.ScopeHash;
        pending.Then(pending.Approval(Beth), ReviewedBy(Beth, hash: hash), ApprovedAt(Noon));
        pending.Then(
            pending.Approval(Bob) with
            {
                Verdict = Verdict.Deny,
            },
            ReviewedBy(Bob, Verdict.Deny, hash: hash),
            new Denied(Bob.Principal, null, Noon)
        );
    }

    [Fact]
    public void Who_approved_may_still_deny() =>
        Pending(approvals: 2)
            .Do(BobApproves)
            .Then(
                BobApproves with
                {
                    Verdict = Verdict.Deny,
                },
                ReviewedBy(Bob, Verdict.Deny, comment: "go"),
                new Denied(Bob.Principal, "go", Noon)
            );

    [Fact]
    public void Nobody_reviews_their_own_request_not_even_as_an_approver_or_an_administrator() =>
        Pending()
            .ThenRefused(
                BobApproves with
                {
                    By = Alice with { Groups = ["payments-leads"], IsAdministrator = true },
                },
                "self-review"
            );

    [Theory]
    [InlineData("other-issuer#alice-2", "alice@example.com")]
    [InlineData("other-issuer#alice-2", "ALICE@example.com")]
    [InlineData("issuer#alice", "alice.alias@example.com")]
    public void Another_account_of_the_same_person_does_not_help(string subject, string username) =>
        Pending().ThenRefused(BobApproves with { By = new(new(subject, username), ["payments-leads"]) }, "self-review");

    [Theory]
    [InlineData("alice@example.com")]
    [InlineData("ALICE@example.com")]
    public void An_account_that_is_linked_to_the_requester_does_not_help_either(string linked) =>
        Pending().ThenRefused(BobApproves with { By = Bob with { OtherAccounts = [linked] } }, "self-review");

    [Fact]
    public void Nobody_may_deny_their_own_request_either() =>
        Pending()
            .ThenRefused(
                BobApproves with
                {
                    By = Alice with { Groups = ["payments-leads"] },
                    Verdict = Verdict.Deny,
                },
                "self-review"
            );

    [Fact]
    public void Administrators_are_no_approvers_whatever_groups_they_are_in()
    {
        Pending().ThenRefused(BobApproves with { By = Carol }, "administrator-review");
        Pending().ThenRefused(BobApproves with { By = Bob with { IsAdministrator = true } }, "administrator-review");
        Pending()
            .ThenRefused(
                BobApproves with
                {
                    By = Bob with { IsAdministrator = true },
                    Verdict = Verdict.Deny,
                },
                "administrator-review"
            );
    }

    [Fact]
    public void Strangers_do_not_review()
    {
        var why = Pending().ThenRefused(BobApproves with { By = Mallory }, "not-an-approver");
        Assert.Equal("Only members of payments-leads review this request.", why.Detail);
        Pending().ThenRefused(BobApproves with { By = Sam }, "not-an-approver");
    }

    [Fact]
    public void Two_approvals_take_two_people()
    {
        var scenario = Pending(approvals: 2).Do(BobApproves);
        Assert.Equal(RequestStatus.Pending, scenario.State.Status);
        scenario.ThenNothing(BobApproves);
        scenario.ThenNothing(BobApproves with { By = new(new("issuer#bob-2", "Bob@example.com"), ["payments-leads"]) });
        scenario.ThenNothing(
            BobApproves with
            {
                By = new(new("issuer#bob-3", "bob-adm@example.com"), ["payments-leads"])
                {
                    OtherAccounts = ["bob@example.com"],
                },
            }
        );
        scenario.Then(BethApproves, ReviewedBy(Beth), ApprovedAt(Noon));
    }

    [Fact]
    public void A_second_account_stays_one_when_its_link_is_gone()
    {
        var linked = Bob with { OtherAccounts = ["bob-adm@example.com"] };
        Pending(approvals: 2)
            .Do(BobApproves with { By = linked })
            .ThenNothing(BobApproves with { By = new(new("issuer#bob-3", "BOB-ADM@example.com"), ["payments-leads"]) });
        Pending(approvals: 2)
            .Do(BobApproves with { By = linked })
            .ThenNothing(
                BobApproves with
                {
                    By = new(new("issuer#bob-4", "robert@example.com"), ["payments-leads"])
                    {
                        OtherAccounts = ["bob-adm@example.com"],
                    },
                }
            );
    }

    [Fact]
    public void Who_shares_an_account_with_the_requester_is_the_requester()
    {
        var linked = Alice with { OtherAccounts = ["alice-adm@example.com"] };
        var scenario = Opened(Policy, by: linked);
        scenario.ThenRefused(
            BobApproves with
            {
                ScopeHash = scenario.State.ScopeHash,
                By = Bob with { OtherAccounts = ["Alice-adm@example.com"] },
            },
            "self-review"
        );
        scenario.ThenRefused(
            BobApproves with
            {
                ScopeHash = scenario.State.ScopeHash,
                By = Bob with { Principal = new("issuer#a", "ALICE-ADM@example.com") },
            },
            "self-review"
        );
    }

    [Fact]
    public void One_person_in_two_approver_groups_counts_once()
    {
        var scenario = Opened(Asking(OneLead, OneOfSecurity)).Do(BethApproves);
        Assert.Equal(RequestStatus.Pending, scenario.State.Status);
        scenario.ThenNothing(BethApproves with { Comment = "again" });
        scenario.Then(BobApproves, ReviewedBy(Bob, comment: "go"), ApprovedAt(Noon));
    }

    [Fact]
    public void Who_could_fill_either_place_fills_the_one_that_is_left()
    {
        Opened(Asking(OneLead, OneOfSecurity))
            .Do(BethApproves)
            .Then(BobApproves with { By = Sam }, ReviewedBy(Sam, groups: Security, comment: "go"), ApprovedAt(Noon));
        var scenario = Opened(Asking(OneLead, OneOfSecurity)).Do(BobApproves);
        var ben = Bob with { Principal = new("issuer#ben", "ben@example.com") };
        scenario.Then(BobApproves with { By = ben }, ReviewedBy(ben, comment: "go"));
        scenario.Then(BethApproves, ReviewedBy(Beth, groups: LeadsAndSecurity), ApprovedAt(Noon));
    }

    [Fact]
    public void Only_the_groups_that_approve_are_recorded_with_a_review()
    {
        var scenario = Pending(approvals: 2).Do(BethApproves);
        Assert.Equal(["payments-leads"], Assert.Single(scenario.State.Reviews).Groups);
    }

    [Theory]
    [InlineData(Verdict.Approve)]
    [InlineData(Verdict.Deny)]
    public void A_review_of_anything_but_what_is_asked_is_refused_and_told_what_is_asked(Verdict verdict)
    {
        var why = Pending()
            .ThenRefused(BobApproves with { Verdict = verdict, ScopeHash = "sha256:other" }, "scope-changed");
        Assert.Equal(Seen, why.Scope);
    }

    [Fact]
    public void A_review_after_the_decision_changes_nothing_and_says_so()
    {
        In(RequestStatus.Denied).ThenRefused(BobApproves, "wrong-state");
        In(RequestStatus.Active).ThenRefused(BethApproves with { Verdict = Verdict.Deny }, "wrong-state");
        In(RequestStatus.Active).ThenNothing(BobApproves);
    }

    [Fact]
    public void After_the_pending_window_nobody_approves_even_if_the_request_has_not_lapsed_yet()
    {
        Pending().ThenRefused(BobApproves with { Now = Noon.AddHours(4) }, "wrong-state");
        Pending()
            .Then(
                BobApproves with
                {
                    Now = Noon.AddHours(4).AddTicks(-1),
                },
                ReviewedBy(Bob, comment: "go", at: Noon.AddHours(4).AddTicks(-1)),
                ApprovedAt(Noon.AddHours(4).AddTicks(-1))
            );
    }

    [Fact]
    public void An_automatic_policy_approves_at_once_and_takes_no_review()
    {
        var scenario = Pending(automatic: true);
        Assert.Equal(RequestStatus.Approved, scenario.State.Status);
        scenario.ThenRefused(BobApproves, "wrong-state");
    }
}
