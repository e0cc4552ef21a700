using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Scopes;
using JitFunctions.Domain.Tests.Samples;
using static JitFunctions.Domain.Requests.AccessRequestCommand;
using static JitFunctions.Domain.Requests.AccessRequestEvent;
using static JitFunctions.Domain.Tests.Samples.ExpectedEvents;
using static JitFunctions.Domain.Tests.Samples.Scenario;

namespace JitFunctions.Domain.Tests.Requests;

/// <summary>Alice has the rights at once; a payments lead owes the review until the next noon.</summary>
public sealed class BreakGlassTests
{
    private static readonly DateTimeOffset Deadline = Noon.AddDays(1);

    /// <summary>Of the usual terms as break-glass.</summary>
    private const string Hash = "sha256:7870724dc60babd30f720a938156a2c685ff835383f759ff345b312a0b2b81fd";

    [Fact]
    public void Break_glass_is_approved_without_a_review_and_marked_and_owes_one()
    {
        var events = AccessRequestDecider.Open(
            Alice,
            Terms with
            {
                BreakGlass = true,
            },
            Policy with
            {
                ReviewWithin = TimeSpan.FromDays(1),
            },
            RoleRights,
            [],
            "f",
            Noon
        );
        EventAssert.Equal(
            [
                new Requested(
                    Alice.Principal,
                    ["payments-devs"],
                    Terms with
                    {
                        BreakGlass = true,
                    },
                    Policy with
                    {
                        ReviewWithin = TimeSpan.FromDays(1),
                    },
                    Noon.AddHours(4),
                    "f",
                    Noon,
                    RoleRights,
                    [],
                    Hash,
                    Deadline,
                    []
                ),
                ApprovedAt(Noon) with
                {
                    BreakGlass = true,
                },
            ],
            events
        );
        Assert.Equal(
            (RequestStatus.Approved, false, false, false),
            (BreakGlass().State.Status, Debt().IsNotified, Debt().IsOverdue, Debt().IsConcluded)
        );
    }

    [Fact]
    public void Where_no_review_would_be_owed_it_waits_for_one_first()
    {
        var scenario = Opened(Policy, Terms with { BreakGlass = true });
        Assert.Equal((RequestStatus.Pending, null), (scenario.State.Status, scenario.State.PostReview));
        scenario.Then(scenario.Approval(Bob), ReviewedBy(Bob, hash: Hash), ApprovedAt(Noon));
    }

    [Fact]
    public void An_ordinary_request_owes_nothing_whatever_its_policy_says_of_break_glass()
    {
        var scenario = Opened(Policy with { ReviewWithin = TimeSpan.FromDays(1) });
        Assert.Equal((RequestStatus.Pending, null), (scenario.State.Status, scenario.State.PostReview));
    }

    [Fact]
    public void Break_glass_has_another_scope_hash_than_the_same_request_without_it() =>
        Assert.NotEqual(Seen, BreakGlass().State.ScopeHash);

    [Fact]
    public void The_skipped_approvers_are_told_once()
    {
        var scenario = BreakGlass();
        var told = new ConfirmNotification(["payments-leads"], Noon.AddMinutes(1));
        scenario.Then(told, new ApproversNotified(["payments-leads"], Noon.AddMinutes(1)));
        scenario.Do(told);
        Assert.True(scenario.State.PostReview!.IsNotified);
        scenario.ThenNothing(new ConfirmNotification(["payments-leads"], Noon));
        In(RequestStatus.Active).ThenNothing(new ConfirmNotification(["payments-leads"], Noon));
    }

    [Theory]
    [InlineData(RequestStatus.Approved)]
    [InlineData(RequestStatus.Activating)]
    [InlineData(RequestStatus.Active)]
    [InlineData(RequestStatus.Ending)]
    [InlineData(RequestStatus.Ended)]
    [InlineData(RequestStatus.Failed)]
    [InlineData(RequestStatus.Withdrawn)]
    public void The_review_is_owed_and_can_be_given_wherever_the_request_has_got(RequestStatus status)
    {
        var scenario = Used(status);
        Assert.Equal(status, scenario.State.Status);
        scenario.Then(new MarkReviewOverdue(Deadline), new ReviewOverdue(Deadline));
        scenario.Then(
            scenario.Approval(Bob),
            BreakGlassReviewedBy(Bob, Hash),
            new BreakGlassConcluded(Justified: true, Noon)
        );
        Assert.Equal(status, scenario.Approve(Bob).State.Status);
        Assert.True(scenario.State.PostReview!.IsConcluded);
    }

    [Theory]
    [InlineData(RequestStatus.Approved, true)]
    [InlineData(RequestStatus.Activating, true)]
    [InlineData(RequestStatus.Active, true)]
    [InlineData(RequestStatus.Ending, false)]
    [InlineData(RequestStatus.Ended, false)]
    public void A_denying_review_of_break_glass_concludes_it_and_ends_the_grant(RequestStatus status, bool ends)
    {
        var scenario = Used(status);
        scenario.Then(
            scenario.Approval(Bob) with
            {
                Verdict = Verdict.Deny,
            },
            [
                BreakGlassReviewedBy(Bob, Hash, Verdict.Deny),
                new BreakGlassConcluded(Justified: false, Noon),
                .. ends ? [EndingBy(Bob, EndingCause.Revoked)] : Array.Empty<AccessRequestEvent>(),
            ]
        );
    }

    [Fact]
    public void The_review_of_break_glass_needs_all_skipped_approvals()
    {
        var scenario = Opened(
            Asking(new ApprovalRequirement(["payments-leads"], 1), new ApprovalRequirement(["security"], 1)) with
            {
                ReviewWithin = TimeSpan.FromDays(1),
            },
            Terms with
            {
                BreakGlass = true,
            }
        );
        scenario.Approve(Beth).ThenNothing(scenario.Approval(Beth));
        Assert.False(scenario.State.PostReview!.IsConcluded);
        Assert.True(scenario.Approve(Sam).State.PostReview!.IsConcluded);
    }

    [Fact]
    public void Requesters_administrators_and_strangers_do_not_review_break_glass()
    {
        var scenario = Used(RequestStatus.Ended);
        scenario.ThenRefused(scenario.Approval(Alice with { Groups = ["payments-leads"] }), "self-review");
        scenario.ThenRefused(scenario.Approval(Bob with { OtherAccounts = ["alice@example.com"] }), "self-review");
        scenario.ThenRefused(scenario.Approval(Carol with { Groups = ["payments-leads"] }), "administrator-review");
        scenario.ThenRefused(scenario.Approval(Mallory), "not-an-approver");
        scenario.ThenRefused(scenario.Approval(Bob) with { ScopeHash = Seen }, "scope-changed");
    }

    [Fact]
    public void The_review_of_break_glass_becomes_overdue_at_its_deadline_once()
    {
        var scenario = Used(RequestStatus.Ended);
        scenario.ThenNothing(new MarkReviewOverdue(Deadline.AddTicks(-1)));
        scenario.Do(new MarkReviewOverdue(Deadline)).ThenNothing(new MarkReviewOverdue(Deadline));
        Assert.Equal((true, false), (scenario.State.PostReview!.IsOverdue, scenario.State.PostReview.IsConcluded));
        Used(RequestStatus.Ended).Approve(Bob).ThenNothing(new MarkReviewOverdue(Deadline));
    }

    [Fact]
    public void That_a_review_came_late_is_an_event_even_where_nobody_noticed_before()
    {
        var scenario = Used(RequestStatus.Ended);
        var late = scenario.Approval(Bob) with { Now = Deadline };
        AccessRequestEvent[] approved =
        [
            BreakGlassReviewedBy(Bob, Hash, at: Deadline),
            new BreakGlassConcluded(Justified: true, Deadline),
        ];
        scenario.Then(late, [new ReviewOverdue(Deadline), .. approved]);
        scenario.Then(
            late with
            {
                Verdict = Verdict.Deny,
            },
            new ReviewOverdue(Deadline),
            BreakGlassReviewedBy(Bob, Hash, Verdict.Deny, at: Deadline),
            new BreakGlassConcluded(Justified: false, Deadline)
        );
        scenario.Do(new MarkReviewOverdue(Deadline)).Then(late, approved);
        Assert.True(scenario.Do(late).State.PostReview is { IsOverdue: true, IsConcluded: true });
    }

    [Fact]
    public void After_the_settlement_a_review_changes_nothing_and_says_so()
    {
        var scenario = Used(RequestStatus.Active).Approve(Bob);
        scenario.ThenNothing(scenario.Approval(Bob));
        scenario.ThenRefused(scenario.Approval(Beth) with { Verdict = Verdict.Deny }, "wrong-state");
    }

    [Fact]
    public void Lost_reviewers_do_not_affect_a_request_without_reviews()
    {
        var scenario = BreakGlass().Do(new DecideActivation(new Eligibility.ReviewersLost([], "x"), Noon));
        Assert.Equal(RequestStatus.Ending, scenario.State.Status);
    }

    private static PostReview Debt() => BreakGlass().State.PostReview!;

    private static Scenario Used(RequestStatus status) =>
        status switch
        {
            RequestStatus.Approved => BreakGlass(),
            RequestStatus.Withdrawn => BreakGlass().Do(new Withdraw(Alice, null, Noon)),
            RequestStatus.Activating => BreakGlass().Begin(),
            RequestStatus.Failed => Used(RequestStatus.Activating)
                .Do(new AbandonActivation("gone", Noon))
                .Do(new ConfirmRevocation(DeniedProof, Noon)),
            RequestStatus.Active => Used(RequestStatus.Activating).Confirm(),
            RequestStatus.Ending => Used(RequestStatus.Active).Do(new Relinquish(Alice, null, Noon)),
            RequestStatus.Ended => Used(RequestStatus.Ending).Do(new ConfirmRevocation(DeniedProof, Noon)),
            _ => throw new ArgumentOutOfRangeException(nameof(status)),
        };
}
