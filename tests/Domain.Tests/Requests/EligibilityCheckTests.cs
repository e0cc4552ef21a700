using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Scopes;
using static JitFunctions.Domain.Tests.Requests.ActivationSamples;
using static JitFunctions.Domain.Tests.Rights.Rules;
using static JitFunctions.Domain.Tests.Samples.PolicySamples;
using static JitFunctions.Domain.Tests.Samples.Scenario;

namespace JitFunctions.Domain.Tests.Requests;

/// <summary>Everything is as it was at the decision, but for what each test is about.</summary>
public sealed class EligibilityCheckTests
{
    [Fact]
    public void Where_all_is_as_it_was_the_decision_stands() =>
        Assert.Equal(Approved.ScopeHash, Assert.IsType<Eligibility.Go>(Check(Facts())).ScopeHash);

    [Fact]
    public void Who_has_left_the_group_has_nothing_activated() =>
        Refused("no longer among those", Facts() with { RequesterGroups = ["billing-devs"] });

    [Fact]
    public void Who_is_excepted_has_nothing_activated()
    {
        var policies = Set(Payments with { Subjects = For("payments-devs") with { ExceptGroups = ["leavers"] } });
        Refused(
            "no longer among those",
            Facts() with
            {
                Policies = policies,
                RequesterGroups = ["payments-devs", "leavers"],
            }
        );
    }

    [Fact]
    public void Who_is_excepted_under_another_account_has_nothing_activated()
    {
        var policies = Set(
            Payments with
            {
                Subjects = For("payments-devs") with { ExceptUsers = ["alice-adm@example.com"] },
            }
        );
        Refused(
            "no longer among those",
            Facts() with
            {
                Policies = policies with
                {
                    Accounts = new([
                        ["alice@example.com", "Alice-Adm@example.com"],
                    ]),
                },
            }
        );
    }

    [Fact]
    public void A_policy_that_is_not_there_gives_nothing() =>
        Refused("no longer among those", Facts() with { Policies = Set(Payments with { Name = "other" }) });

    [Fact]
    public void Who_is_denied_by_now_has_nothing_activated()
    {
        var denial = new Denial("leavers", For("leavers"), [], [], [], [], "You have left.");
        Refused(
            "You have left. (leavers)",
            Facts() with
            {
                Policies = TheirPolicies with { Denials = [denial] },
                RequesterGroups = ["payments-devs", "leavers"],
            }
        );
        Assert.IsType<Eligibility.Go>(Check(Facts() with { Policies = TheirPolicies with { Denials = [denial] } }));
    }

    [Fact]
    public void A_namespace_that_has_lost_its_label_gets_nothing()
    {
        var labelled = Facts() with
        {
            Policies = Set(Payments with { Limits = Limits with { NamespaceLabels = Labels("tier=gold") } }),
        };
        Assert.IsType<Eligibility.Go>(Check(labelled with { Cluster = Labelled("tier=gold") }));
        Refused("lacks tier=gold", labelled with { Cluster = Labelled("tier=tin") });
        NotYet("cannot be read", labelled);
    }

    [Fact]
    public void A_role_that_allows_something_else_by_now_is_not_what_was_decided_about()
    {
        Refused(
            "no longer allows what it did",
            Facts() with
            {
                Cluster = AsDecided with { Rights = [In("payments", Rule("get update delete", "configmaps"))] },
            }
        );
        Refused(
            "no longer allows what it did",
            Facts() with
            {
                Cluster = AsDecided with { Rights = [In("payments", Rule("get", "configmaps"))] },
            }
        );
        Refused("no longer allows what it did", Facts() with { Cluster = AsDecided with { Rights = [] } });
    }

    [Fact]
    public void A_role_that_has_become_a_danger_is_refused_as_one()
    {
        var strict = Facts() with { Policies = Set(Payments with { Dangers = DangerRule.Refuse }) };
        Assert.IsType<Eligibility.Go>(Check(strict));
        Refused(
            "not read-secrets",
            strict with
            {
                Cluster = AsDecided with { Rights = [In("payments", Rule("get", "secrets"))] },
            }
        );
    }

    [Fact]
    public void A_scope_that_nobody_decided_about_is_refused()
    {
        var forged = Approved with { Terms = Approved.Terms with { Duration = TimeSpan.FromDays(1) } };
        Assert.IsType<Eligibility.Refuse>(EligibilityCheck.Decide(forged, Facts(), Noon));
        Assert.IsType<Eligibility.Refuse>(EligibilityCheck.Decide(Approved with { ScopeHash = "" }, Facts(), Noon));
        Assert.IsType<Eligibility.Refuse>(
            EligibilityCheck.Decide(
                Approved with
                {
                    Policy = Approved.Policy with { Version = "sha256:2" },
                },
                Facts(),
                Noon
            )
        );
    }

    [Fact]
    public void Outside_the_hours_nothing_is_activated()
    {
        var request = Approved with
        {
            Policy = Approved.Policy with { Hours = new("UTC", [new([Noon.DayOfWeek], new(8, 0), new(12, 30))]) },
        };
        Assert.IsType<Eligibility.Go>(EligibilityCheck.Decide(request, Facts(), Noon));
        Assert.Contains(
            "exist only in",
            Assert.IsType<Eligibility.Refuse>(EligibilityCheck.Decide(request, Facts(), Noon.AddMinutes(30))).Detail,
            StringComparison.Ordinal
        );
        Assert.IsType<Eligibility.NotYet>(
            EligibilityCheck.Decide(
                request with
                {
                    Policy = request.Policy with
                    {
                        Hours = request.Policy.Hours! with { TimeZone = "Europe/Atlantis" },
                    },
                },
                Facts(),
                Noon
            )
        );
    }

    [Fact]
    public void What_cannot_be_read_is_neither_a_yes_nor_a_no()
    {
        NotYet("no policies", Facts() with { Policies = null, Failure = "no policies" });
        NotYet("no directory", Facts() with { RequesterGroups = null, Failure = "no directory" });
        NotYet("no route", Facts() with { Cluster = new(null, null, "no route") });
        NotYet("Some of the facts", Facts() with { RequesterGroups = null });
        NotYet("no directory", BobIn(null) with { Failure = "no directory" });
        NotYet("Whether bob@example.com", BobIn(null));
        NotYet(
            "Whether bob@example.com",
            Facts() with
            {
                ReviewerGroups = new Dictionary<string, IReadOnlyList<string>?>(),
            }
        );
    }

    [Fact]
    public void Break_glass_requests_are_checked_too()
    {
        Assert.IsType<Eligibility.Refuse>(
            EligibilityCheck.Decide(BreakGlass().State, NoReviewers() with { RequesterGroups = [] }, Noon)
        );
        Assert.IsType<Eligibility.Refuse>(
            EligibilityCheck.Decide(Pending(automatic: true).State, NoReviewers() with { RequesterGroups = [] }, Noon)
        );
    }

    [Fact]
    public void What_may_not_go_on_is_told_to_who_asks_for_more_time()
    {
        var active = In(RequestStatus.Active).State;
        Assert.Null(EligibilityCheck.WhyNotStill(active, TheirPolicies, Alice, AsDecided));
        Assert.Equal(
            "groups",
            EligibilityCheck.WhyNotStill(active, TheirPolicies, Alice with { Groups = [] }, AsDecided)!.Field
        );
        Assert.Equal(
            "roles",
            EligibilityCheck
                .WhyNotStill(
                    active,
                    TheirPolicies,
                    Alice,
                    AsDecided with
                    {
                        Rights = [In("payments", Rule("get", "pods"))],
                    }
                )!
                .Field
        );
        Assert.True(EligibilityCheck.WhyNotStill(active, TheirPolicies, Alice, ClusterFacts.None)!.IsUnresolved);
    }

    private static ClusterFacts Labelled(params string[] labels) =>
        AsDecided with
        {
            NamespaceLabels = new Dictionary<string, IReadOnlyDictionary<string, string>>
            {
                ["payments"] = Labels(labels),
            },
        };

    private static void Refused(string because, EligibilityFacts facts) =>
        Assert.Contains(because, Assert.IsType<Eligibility.Refuse>(Check(facts)).Detail, StringComparison.Ordinal);

    private static void NotYet(string because, EligibilityFacts facts) =>
        Assert.Contains(because, Assert.IsType<Eligibility.NotYet>(Check(facts)).Detail, StringComparison.Ordinal);
}
