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

/// <summary>
/// The grant is active from noon until half past; an extension is half an hour at most, and the whole two hours.
/// </summary>
public sealed class ExtensionTests
{
    private static readonly Extend HalfAnHour = new(Alice, TimeSpan.FromMinutes(30), "not done", null, Noon);

    /// <summary>Of extensions of the usual grant that are requested at noon.</summary>
    private const string HalfAnHourHash = "sha256:e2a56d744b04de53fcdcf27617a8507e1efa6da07e2feca5d2817638964a35bc";
    private const string QuarterHash = "sha256:73ec9da941e5153f5057afc18939e42c963aaa6d13d40c009fa5455a82945c06";
    private const string RestOfTheWeekHash = "sha256:60f94c775a1f44820f5b1cae6a69127709640f156676f2bbd1eb56ea3294bde4";

    private static readonly ExtensionRule Unreviewed = new(
        TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(2),
        Reviewed: false
    );

    [Fact]
    public void Where_the_policy_says_so_an_extension_waits_for_a_review()
    {
        var scenario = ExtensionWaits();
        Assert.Equal(Noon.AddMinutes(30), scenario.State.ExpiresAt);
        scenario.Approve(Bob);
        Assert.Equal(Noon.AddMinutes(60), scenario.State.ExpiresAt);
        Assert.Equal([Noon.AddMinutes(30)], scenario.State.EarlierExpiries);
        Assert.Null(scenario.State.Extension);
    }

    [Fact]
    public void Without_a_required_review_the_extension_takes_effect_at_once() =>
        Assert.Equal(
            Noon.AddMinutes(60),
            Active(Policy with { Extension = Unreviewed }).Do(HalfAnHour).State.ExpiresAt
        );

    [Fact]
    public void The_number_of_extensions_is_limited()
    {
        var active = Active(Policy with { Extension = Unreviewed });
        for (var i = 0; i < 50; i++)
            active.Do(HalfAnHour with { Duration = TimeSpan.FromSeconds(5) });
        active.ThenRefused(HalfAnHour with { Duration = TimeSpan.FromSeconds(5) }, "extension-too-long");
        active.Then(new Relinquish(Alice, null, Noon), EndingBy(Alice, EndingCause.Relinquished));
    }

    [Fact]
    public void Without_an_extension_rule_no_grant_is_extended()
    {
        Active(Policy with { Extension = null }).ThenRefused(HalfAnHour, "no-extension");
        BreakGlass().Begin().Confirm().ThenRefused(HalfAnHour, "no-extension");
    }

    [Fact]
    public void An_extension_needs_as_many_approvers_as_the_request_and_no_requester_or_administrator_counts()
    {
        var scenario = Active(Asking(new ApprovalRequirement(["payments-leads"], 2))).Do(HalfAnHour);
        scenario.ThenRefused(scenario.Approval(Alice with { Groups = ["payments-leads"] }), "self-review");
        scenario.ThenRefused(scenario.Approval(Carol with { Groups = ["payments-leads"] }), "administrator-review");
        scenario.ThenRefused(scenario.Approval(Mallory), "not-an-approver");

        var hash = scenario.State.Extension!.ScopeHash;
        scenario.Then(scenario.Approval(Bob), ExtensionReviewedBy(Bob, hash));
        scenario.Approve(Bob).ThenNothing(scenario.Approval(Bob));
        scenario.ThenNothing(scenario.Approval(Bob with { Principal = new("issuer#bob-2", "BOB@example.com") }));
        scenario.Then(
            scenario.Approval(Beth),
            ExtensionReviewedBy(Beth, hash),
            new Extended(Noon.AddMinutes(60), Noon)
        );
    }

    [Fact]
    public void A_denial_ends_the_extension_and_not_the_grant()
    {
        var scenario = ExtensionWaits();
        scenario.Do(scenario.Approval(Bob) with { Verdict = Verdict.Deny });
        Assert.Equal(
            (RequestStatus.Active, Noon.AddMinutes(30), null),
            (scenario.State.Status, scenario.State.ExpiresAt, scenario.State.Extension)
        );
    }

    [Fact]
    public void Reviews_of_a_request_and_of_its_extension_do_not_count_for_each_other()
    {
        var scenario = ExtensionWaits();
        scenario.ThenRefused(scenario.Approval(Beth) with { ScopeHash = Seen }, "scope-changed");
        Pending().ThenRefused(scenario.Approval(Beth), "scope-changed");
    }

    [Fact]
    public void An_approval_of_a_denied_extension_does_not_count_for_the_next()
    {
        var scenario = Active(Asking(new ApprovalRequirement(["payments-leads"], 2))).Do(HalfAnHour);
        var stale = scenario.Approval(Bob);
        scenario
            .Do(scenario.Approval(Beth) with { Verdict = Verdict.Deny })
            .Do(HalfAnHour with { Now = Noon.AddMinutes(1) });
        Assert.Equal(scenario.State.Extension!.ScopeHash, scenario.ThenRefused(stale, "scope-changed").Scope);

        scenario.Then(
            scenario.Approval(Beth) with
            {
                Verdict = Verdict.Deny,
            },
            ExtensionReviewedBy(Beth, scenario.State.Extension.ScopeHash, Verdict.Deny),
            new ExtensionDenied(Beth.Principal, null, Noon)
        );
    }

    [Fact]
    public void The_review_that_decided_may_be_repeated_and_changes_nothing()
    {
        var scenario = ExtensionWaits();
        var approval = scenario.Approval(Bob);
        scenario.Do(approval).ThenNothing(approval);
        scenario.ThenRefused(approval with { By = Beth }, "wrong-state");
        scenario.Do(HalfAnHour).ThenNothing(approval);
        scenario.Do(new Relinquish(Alice, null, Noon)).ThenNothing(approval);
    }

    [Fact]
    public void One_extension_is_at_most_as_long_as_the_policy_allows()
    {
        Active(Policy)
            .ThenRefused(
                HalfAnHour with
                {
                    Duration = TimeSpan.FromMinutes(30) + TimeSpan.FromTicks(1),
                },
                "extension-too-long"
            );
        Active(Policy)
            .Then(
                HalfAnHour,
                new ExtensionRequested(TimeSpan.FromMinutes(30), "not done", HalfAnHourHash, NeedsReview: true, Noon)
            );
    }

    [Fact]
    public void Extensions_together_never_exceed_the_maximum_total()
    {
        var scenario = Active(Policy with { Extension = Unreviewed }).Do(HalfAnHour).Do(HalfAnHour).Do(HalfAnHour);
        Assert.Equal(Noon.AddHours(2), scenario.State.ExpiresAt);
        scenario.ThenRefused(HalfAnHour, "extension-too-long");
        scenario.ThenRefused(HalfAnHour with { Duration = TimeSpan.FromTicks(1) }, "extension-too-long");
    }

    [Fact]
    public void The_longest_total_is_never_more_than_a_week()
    {
        var endless = new ExtensionRule(TimeSpan.FromDays(30), TimeSpan.FromDays(30), Reviewed: false);
        var scenario = Active(Policy with { Extension = endless });
        scenario.ThenRefused(HalfAnHour with { Duration = TimeSpan.FromDays(7) }, "extension-too-long");
        var rest = TimeSpan.FromDays(7) - TimeSpan.FromMinutes(30);
        scenario.Then(
            HalfAnHour with
            {
                Duration = rest,
            },
            new ExtensionRequested(rest, "not done", RestOfTheWeekHash, NeedsReview: false, Noon),
            new Extended(Noon.AddDays(7), Noon)
        );
    }

    [Fact]
    public void An_extension_stays_within_the_access_hours()
    {
        var scenario = Active(Policy with { Hours = new("UTC", [new([Noon.DayOfWeek], new(8, 0), new(12, 45))]) });
        scenario.ThenRefused(HalfAnHour, "extension-too-long");
        scenario.Then(
            HalfAnHour with
            {
                Duration = TimeSpan.FromMinutes(15),
            },
            new ExtensionRequested(TimeSpan.FromMinutes(15), "not done", QuarterHash, NeedsReview: true, Noon)
        );
    }

    [Fact]
    public void A_linked_account_cannot_extend_the_grant()
    {
        Active(Policy).ThenRefused(HalfAnHour with { By = Bob }, "not-the-requester");
        Active(Policy)
            .ThenRefused(
                HalfAnHour with
                {
                    By = new(new("issuer#alice-2", "alice-adm@example.com"), ["payments-devs"])
                    {
                        OtherAccounts = ["alice@example.com"],
                    },
                },
                "not-the-requester"
            );
        Active(Policy)
            .ThenRefused(
                HalfAnHour with
                {
                    By = Alice with { Principal = Alice.Principal with { Subject = "issuer#alice-2" } },
                },
                "not-the-requester"
            );
    }

    [Fact]
    public void A_requester_who_is_no_longer_eligible_cannot_extend() =>
        Active(Policy with { Extension = Unreviewed })
            .ThenRefused(HalfAnHour with { Ineligible = "no longer among those" }, "not-covered");

    [Fact]
    public void An_expired_grant_is_neither_extended_nor_reviewed()
    {
        Active(Policy with { Extension = Unreviewed })
            .ThenRefused(HalfAnHour with { Now = Noon.AddMinutes(30) }, "wrong-state");
        var scenario = ExtensionWaits();
        scenario.ThenRefused(scenario.Approval(Bob) with { Now = Noon.AddMinutes(30) }, "wrong-state");
    }

    [Fact]
    public void One_extension_is_pending_at_a_time_and_a_repeat_changes_nothing()
    {
        ExtensionWaits().ThenNothing(HalfAnHour with { Now = Noon.AddMinutes(1) });
        ExtensionWaits().ThenRefused(HalfAnHour with { Duration = TimeSpan.FromMinutes(20) }, "wrong-state");
        ExtensionWaits().ThenRefused(HalfAnHour with { Reason = "another" }, "wrong-state");
    }

    [Fact]
    public void The_end_of_the_grant_ends_the_pending_extension()
    {
        var scenario = ExtensionWaits();
        var approval = scenario.Approval(Bob);
        scenario.Do(new Expire(Noon.AddMinutes(30)));
        Assert.Null(scenario.State.Extension);
        scenario.ThenRefused(approval, "wrong-state");
    }

    [Fact]
    public void An_extension_of_a_conditionally_automatic_grant_needs_a_review()
    {
        var conditional = Policy with { Automatic = true, Extension = Unreviewed };
        var scenario = Opened(conditional).Begin().Confirm().Do(HalfAnHour);
        Assert.Equal(Noon.AddMinutes(30), scenario.State.ExpiresAt);
        Assert.Equal(Noon.AddMinutes(60), scenario.Approve(Bob).State.ExpiresAt);

        var always = conditional with { ApproverGroups = [], Requirements = [] };
        Assert.Equal(Noon.AddMinutes(60), Opened(always).Begin().Confirm().Do(HalfAnHour).State.ExpiresAt);
    }

    [Fact]
    public void An_extension_without_possible_reviewers_is_refused() =>
        Assert.Equal(
            Noon.AddMinutes(30),
            Opened(Policy with { Automatic = true, ApproverGroups = [], Requirements = [] })
                .Begin()
                .Confirm()
                .Do(HalfAnHour)
                .State.ExpiresAt
        );

    private static Scenario Active(PolicySnapshot policy)
    {
        var scenario = Opened(policy).Approve(Bob);
        if (scenario.State.Status is RequestStatus.Pending)
            scenario.Approve(Beth);
        return scenario.Begin().Confirm();
    }
}
