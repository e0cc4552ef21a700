using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Identity;
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
/// What takes effect at once is decided by who may decide it then, whatever tokens and earlier reviews say.
/// </summary>
public sealed class ReviewersNowTests
{
    private static readonly ApprovalRequirement OneLead = new(["payments-leads"], 1);
    private static readonly ApprovalRequirement OneOfSecurity = new(["security"], 1);
    private static readonly Extend HalfAnHour = new(Alice, TimeSpan.FromMinutes(30), "not done", null, Noon);

    /// <summary>By a policy that takes a lead and one of security; Bob has approved already.</summary>
    public static readonly TheoryData<string> Waiting = ["extension", "break-glass"];

    [Theory]
    [InlineData("payments-leads,security", "", "", "payments-leads")]
    [InlineData("payments-leads,security", "security", "", "")] // left the one that was needed
    [InlineData("payments-leads,security,platform-admins", "", "", "")] // administers by now
    [InlineData("payments-leads,security", "", "beth.adm@example.com=platform-admins", "")] // with another account
    [InlineData("payments-leads,security", "", "beth.adm@example.com=everyone", "payments-leads")]
    [InlineData("payments-leads,security", "", "beth.adm@example.com=?", null)] // nobody can tell what that is
    [InlineData("payments-leads,security", "payments-leads", "beth.adm@example.com=?", "")] // and need not
    [InlineData("?", "", "", null)]
    public void A_review_counts_for_the_groups_that_the_reviewer_had_and_still_has(
        string now,
        string without,
        string linked,
        string? expected
    )
    {
        var person = linked.Split('=');
        var facts = new ReviewerFacts(
            new(
                "sha256:1",
                ["platform-admins"],
                [],
                linked.Length == 0
                    ? LinkedAccounts.None
                    : new([
                        ["BETH@example.com", person[0]],
                    ]),
                [],
                []
            ),
            new Dictionary<string, IReadOnlyList<string>?>
            {
                [Beth.Principal.Subject] = Groups(now)?.Except(without.Split(',')).Except(["x"]).ToList(),
            },
            null
        )
        {
            LinkedGroups =
                linked.Length == 0
                    ? []
                    : new Dictionary<string, IReadOnlyList<string>?> { [person[0]] = Groups(person[1]) },
        };
        string[] reviewedAs = without is "payments-leads" or "security" ? [without] : ["payments-leads"];
        Assert.Equal(
            expected is null ? null : expected.Split(',', StringSplitOptions.RemoveEmptyEntries),
            facts.MayReviewAs(Pending().State, Beth.Principal, reviewedAs)
        );
    }

    [Theory]
    [MemberData(nameof(Waiting))]
    public void The_last_approval_counts_with_the_others_as_they_are_now(string what)
    {
        var scenario = After(what, Bob);
        Decides(scenario, scenario.Approval(Sam), true);
        // Bob has left: Sam's alone is not enough, and says so.
        var without = scenario.Approval(Sam) with
        {
            Reviewers = scenario.Changed(Sam, Bob, "everyone"),
        };
        Decides(scenario, without, false);
        Assert.Equal([Bob.Principal.Subject], Lost(scenario, without));
        // Another lead then does it, and so does Bob when he is back.
        Decides(scenario.Do(without), scenario.Approval(Bob), true);
        var beth = new Caller(new("issuer#ben", "ben@example.com"), ["payments-leads"]);
        Decides(scenario, scenario.Approval(beth), true);
    }

    [Theory]
    [MemberData(nameof(Waiting))]
    public void Approvals_are_refused_while_the_groups_of_reviewers_are_unknown(string what)
    {
        var scenario = After(what, Bob);
        ReviewerFacts?[] unknown =
        [
            null,
            scenario.Changed(Sam, Sam, null),
            scenario.Changed(Sam, Bob, null),
            scenario.Unchanged(Sam) with
            {
                Groups = new Dictionary<string, IReadOnlyList<string>?> { [Sam.Principal.Subject] = ["security"] },
            },
        ];
        foreach (var facts in unknown)
            scenario.ThenRefused(scenario.Approval(Sam) with { Reviewers = facts }, "indeterminate");
        // A denial is one's own; it settles what break-glass owes, and so takes that at least.
        foreach (var facts in scenario.State.PostReview is null ? [] : unknown[..2])
            scenario.ThenRefused(
                scenario.Approval(Sam) with
                {
                    Verdict = Verdict.Deny,
                    Reviewers = facts,
                },
                "indeterminate"
            );

        // It does not depend on Bob where it is not enough either way.
        var first = After(what);
        Decides(first, first.Approval(Bob), false);
    }

    [Fact]
    public void A_refusal_says_why_the_groups_of_reviewers_are_unknown()
    {
        var scenario = After("extension", Bob);
        var unknown = scenario.Changed(Sam, Sam, null);
        Assert.Contains("whether sam@example.com may decide now", Detail(unknown), StringComparison.Ordinal);
        Assert.Contains("no answer", Detail(unknown with { Failure = "no answer" }), StringComparison.Ordinal);

        string Detail(ReviewerFacts facts) =>
            scenario.ThenRefused(scenario.Approval(Sam) with { Reviewers = facts }, "indeterminate").Detail;
    }

    [Fact]
    public void Who_is_an_administrator_by_the_token_or_by_the_directory_is_one()
    {
        var facts = Pending().Unchanged(Bob);
        Assert.True(facts.IsAdministrator(Carol));
        Assert.True(Pending().Changed(Bob, Bob, "platform-admins").IsAdministrator(Bob));
        Assert.False(facts.IsAdministrator(Bob));
    }

    [Theory]
    [MemberData(nameof(Waiting))]
    public void Who_has_left_the_group_decides_nothing_whatever_the_token_says(string what)
    {
        var scenario = After(what, Bob);
        foreach (var verdict in Enum.GetValues<Verdict>())
            scenario.ThenRefused(
                scenario.Approval(Sam) with
                {
                    Verdict = verdict,
                    Reviewers = scenario.Changed(Sam, Sam, "everyone"),
                },
                "not-an-approver"
            );
    }

    [Theory]
    [MemberData(nameof(Waiting))]
    public void An_administrator_reviews_nothing_under_another_account_either(string what)
    {
        var linked = Sam with { OtherAccounts = ["carol@example.com"] };
        foreach (var scenario in new[] { After(what, Bob), Pending() })
        {
            var by =
                scenario.State.Status is RequestStatus.Pending
                    ? Beth with
                    {
                        OtherAccounts = ["Carol@example.com"],
                    }
                    : linked;
            var facts = scenario.Unchanged(by) with
            {
                LinkedGroups = new Dictionary<string, IReadOnlyList<string>?>
                {
                    ["carol@example.com"] = ["platform-admins"],
                },
            };
            scenario.ThenRefused(scenario.Approval(by) with { Reviewers = facts }, "administrator-review");
            scenario.ThenRefused(
                scenario.Approval(by) with
                {
                    Reviewers = facts,
                    Verdict = Verdict.Deny,
                },
                "administrator-review"
            );
        }
    }

    [Fact]
    public void Groups_of_the_token_decide_a_review_while_the_current_groups_are_unknown()
    {
        Pending()
            .Then(
                Pending().Approval(Bob) with
                {
                    Reviewers = Pending().Changed(Bob, Bob, null),
                },
                ReviewedBy(Bob),
                ApprovedAt(Noon)
            );
        Pending()
            .ThenRefused(
                Pending().Approval(Bob) with
                {
                    Reviewers = Pending().Changed(Bob, Bob, "everyone"),
                },
                "not-an-approver"
            );
    }

    [Fact]
    public void Denials_of_requests_and_extensions_work_while_groups_are_unknown()
    {
        var extension = After("extension");
        extension.Then(
            extension.Approval(Sam) with
            {
                Verdict = Verdict.Deny,
                Reviewers = extension.Changed(Sam, Sam, null),
            },
            ExtensionReviewedBy(Sam, extension.State.Extension!.ScopeHash, Verdict.Deny, Security),
            new ExtensionDenied(Sam.Principal, null, Noon)
        );
        Pending()
            .Then(
                Pending().Approval(Bob) with
                {
                    Verdict = Verdict.Deny,
                    Reviewers = Pending().Changed(Bob, Bob, null),
                },
                ReviewedBy(Bob, Verdict.Deny),
                new Denied(Bob.Principal, null, Noon)
            );
    }

    [Fact]
    public void A_review_is_recorded_with_the_groups_that_the_directory_has_too()
    {
        var scenario = Opened(Asking(new ApprovalRequirement(["payments-leads", "security"], 2)));
        scenario.Do(scenario.Approval(Beth) with { Reviewers = scenario.Changed(Beth, Beth, "security") });
        Assert.Equal(["security"], Assert.Single(scenario.State.Reviews).Groups);
    }

    [Fact]
    public void Whoever_has_left_revokes_nothing_and_administers_nothing()
    {
        string[] administrators = ["platform-admins"];
        var active = In(RequestStatus.Active);
        active.Then(
            new Revoke(Bob.Within(["payments-leads"], administrators), null, Noon),
            EndingBy(Bob, EndingCause.Revoked)
        );
        active.Then(
            new Revoke(Carol.Within(["platform-admins"], administrators), null, Noon),
            EndingBy(Carol, EndingCause.Revoked)
        );
        active.ThenRefused(new Revoke(Bob.Within(["everyone"], administrators), null, Noon), "not-allowed");
        active.ThenRefused(new Revoke(Carol.Within(["everyone"], administrators), null, Noon), "not-allowed");
        active.ThenRefused(
            new Revoke(Mallory.Within(["payments-leads", "platform-admins"], administrators), null, Noon),
            "not-allowed"
        );
    }

    private static Scenario After(string what, params Caller[] approvers)
    {
        var policy = Asking(OneLead, OneOfSecurity);
        var scenario =
            what == "extension"
                ? Opened(policy).Approve(Bob).Approve(Sam).Begin().Confirm().Do(HalfAnHour)
                : Opened(policy with { ReviewWithin = TimeSpan.FromDays(1) }, Terms with { BreakGlass = true })
                    .Begin()
                    .Confirm();
        foreach (var approver in approvers)
            scenario.Approve(approver);
        return scenario;
    }

    private static void Decides(Scenario scenario, Review review, bool expected) =>
        Assert.Equal(
            expected,
            Events(scenario, review)
                .Any(e =>
                    e is AccessRequestEvent.Extended or AccessRequestEvent.BreakGlassConcluded { Justified: true }
                )
        );

    private static IReadOnlyList<string>? Lost(Scenario scenario, Review review) =>
        Events(scenario, review)
            .Select(e =>
                (e as AccessRequestEvent.ExtensionReviewed)?.Lost ?? (e as AccessRequestEvent.BreakGlassReviewed)?.Lost
            )
            .First(lost => lost is not null);

    private static IReadOnlyList<AccessRequestEvent> Events(Scenario scenario, Review review) =>
        Assert.IsType<Decision.Accepted>(scenario.When(review)).Events;

    private static string[]? Groups(string text) => text is "?" ? null : text.Split(',');
}
