using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Scopes;
using static JitFunctions.Domain.Tests.Rights.Rules;
using static JitFunctions.Domain.Tests.Samples.PolicySamples;
using static JitFunctions.Domain.Tests.Samples.Scenario;

namespace JitFunctions.Domain.Tests.Policies;

public sealed class PolicySetTests
{
    private static readonly ClusterFacts Silent = new(null, null, "no route to host");

    [Fact]
    public void A_request_within_a_policy_gets_its_snapshot()
    {
        var evaluation = Set(Payments).Evaluate(Alice, Draft, Harmless, Noon);
        Assert.Null(evaluation.Refusal);

        var snapshot = evaluation.Covering!.Snapshot("sha256:1", evaluation.Covering.Complete(Draft), [], Noon);
        Assert.Equal(
            ("payments", "sha256:1", 1, "payments.yaml:3"),
            (snapshot.Name, snapshot.Version, snapshot.RequiredApprovals, snapshot.Source)
        );
        Assert.Equal(["payments-leads"], snapshot.ApproverGroups);
        Assert.False(snapshot.Automatic);
    }

    [Fact]
    public void Labels_of_namespaces_are_read_where_some_policy_needs_them()
    {
        var labelled = Payments with { Limits = Limits with { NamespaceLabels = Labels("team=payments") } };
        Assert.True(Set(Payments, labelled).ReadsLabels);
        Assert.False(Set(Payments).ReadsLabels);
    }

    [Fact]
    public void What_no_policy_covers_is_refused_and_the_refusal_says_what_is_too_much_and_which_line_says_so()
    {
        Refused("at most 1h [payments.yaml:9]", Draft with { Duration = TimeSpan.FromHours(2) });
        Refused(
            "not namespace kube-system [payments.yaml:6]",
            Draft with
            {
                Scope = Draft.Scope with { Namespaces = ["payments", "kube-system"] },
            }
        );
        Refused("not cluster prod [payments.yaml:5]", Draft with { Scope = Draft.Scope with { Cluster = "prod" } });
        Refused(
            "not ClusterRole/admin [payments.yaml:8]",
            Draft with
            {
                Scope = Draft.Scope with { Role = new(RoleKind.ClusterRole, "admin") },
            }
        );
        Refused(
            "not Role/edit [payments.yaml:8]",
            Draft with
            {
                Scope = Draft.Scope with { Role = new(RoleKind.Role, "edit") },
            }
        );
        Refused(
            "not cluster-wide [payments.yaml:3]",
            Draft with
            {
                Scope = Draft.Scope with { Namespaces = [], ClusterWide = true },
            }
        );
        Refused(
            "not get pods [payments.yaml:16]",
            Draft with
            {
                Scope = Draft.Scope with { Role = null, Rules = [Rule("get", "pods")] },
            }
        );
        Refused("no scheduled start [payments.yaml:15]", Draft with { Start = Noon.AddHours(1) });
        Refused("not by break-glass [payments.yaml:14]", Draft with { BreakGlass = true });
    }

    [Fact]
    public void Of_many_policies_the_refusal_tells_of_those_that_are_about_the_place()
    {
        var others = Enumerable
            .Range(0, 30)
            .Select(i =>
                Payments with
                {
                    Name = $"other-{i}",
                    Limits = Limits with { Namespaces = [new($"other-{i}")] },
                }
            );
        var secrets = Allowing(Rule("get", "secrets"), Rule("create", "pods"));

        var refusal = Set([.. others, Payments with { Dangers = DangerRule.Refuse }])
            .Evaluate(Alice, Draft, secrets, Noon)
            .Refusal!;

        Assert.Contains("allow: payments (not read-secrets", refusal.Detail, StringComparison.Ordinal);
        Assert.EndsWith("; and 21 more.", refusal.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Somebody_can_name_the_clusters_that_policies_about_them_are_about()
    {
        string[] all = ["demo", "prod", "stage-1"];
        Assert.Equal(["demo", "stage-1"], Set(Payments).ClustersFor(Alice, all));
        Assert.Empty(Set(Payments).ClustersFor(Mallory, all));
        Assert.Equal(
            all,
            Set(Payments, Payments with { Limits = Limits with { Clusters = [new("*")] } }).ClustersFor(Alice, all)
        );
    }

    [Fact]
    public void Strangers_learn_nothing_about_policies_of_others()
    {
        var refusal = Set(Payments).Evaluate(Mallory, Draft, Harmless, Noon).Refusal!;
        Assert.Equal("not-covered", refusal.Code);
        Assert.DoesNotContain("payments", refusal.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_policies_do_not_add_up_to_one_that_covers_all()
    {
        var billing = Payments with { Name = "billing", Limits = Limits with { Namespaces = [new("billing")] } };
        var refusal = Set(Payments, billing)
            .Evaluate(
                Alice,
                Draft with
                {
                    Scope = Draft.Scope with { Namespaces = ["payments", "billing"] },
                },
                Harmless,
                Noon
            )
            .Refusal!;
        Assert.Equal("not-covered", refusal.Code);
        Assert.Contains(
            "payments (not namespace billing [payments.yaml:6]); billing (not namespace payments [payments.yaml:6])",
            refusal.Detail,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void The_first_policy_in_the_file_that_covers_the_request_decides()
    {
        var automatic = Payments with { Name = "automatic", Approval = new([], AutomaticCondition.Always) };
        Assert.Equal("payments", Set(Payments, automatic).Evaluate(Alice, Draft, Harmless, Noon).Covering!.Name);
        Assert.Equal("automatic", Set(automatic, Payments).Evaluate(Alice, Draft, Harmless, Noon).Covering!.Name);
    }

    [Fact]
    public void A_denial_wins_over_every_policy_and_says_why()
    {
        var policies = Set(Payments) with { Denials = [Freeze] };
        var refusal = policies.Evaluate(Alice, Draft, Harmless, Noon).Refusal!;
        Assert.Equal(
            ("denied-by-policy", "The books are being closed. (freeze [freeze.yaml:2])"),
            (refusal.Code, refusal.Detail)
        );
        Assert.Null(policies.Evaluate(Alice, Draft, Harmless, Noon).Covering);
    }

    [Fact]
    public void A_denial_is_told_before_what_cannot_be_told()
    {
        var refusal = (
            Set(Payments) with
            {
                Denials = [Freeze with { Name = "dangers", Dangers = ["read-secrets"] }, Freeze],
            }
        )
            .Evaluate(Alice, Draft, Silent, Noon)
            .Refusal!;
        Assert.Equal("denied-by-policy", refusal.Code);
    }

    [Fact]
    public void A_cluster_that_does_not_answer_refuses()
    {
        var refusal = Set(Payments).Evaluate(Alice, Draft, Silent, Noon).Refusal!;
        Assert.Equal("indeterminate", refusal.Code);
        Assert.Contains("no route to host", refusal.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_told_of_one_policy_is_not_covered_by_a_later_laxer_one()
    {
        var strict = Payments with { Limits = Limits with { NamespaceLabels = Labels("tier=gold") } };
        var lax = Payments with { Name = "lax", Approval = new([], AutomaticCondition.Always) };
        var evaluation = Set(strict, lax).Evaluate(Alice, Draft, Harmless, Noon);
        Assert.Equal("indeterminate", evaluation.Refusal!.Code);
        Assert.Null(evaluation.Covering);

        var elsewhere = strict with { Limits = strict.Limits with { Clusters = [new("prod")] } };
        Assert.Equal("lax", Set(elsewhere, lax).Evaluate(Alice, Draft, Harmless, Noon).Covering!.Name);
    }

    [Fact]
    public void A_time_zone_that_nobody_knows_refuses()
    {
        var hours = new AccessHours("Europe/Atlantis", [new([DayOfWeek.Monday], new(8, 0), new(18, 0))]);
        var lax = Payments with { Name = "lax", Approval = new([], AutomaticCondition.Always) };
        Assert.Equal(
            "indeterminate",
            Set(Payments with { Times = Times with { Hours = hours } }, lax)
                .Evaluate(Alice, Draft, Harmless, Noon)
                .Refusal!.Code
        );
    }

    [Fact]
    public void A_denial_of_which_nobody_can_tell_whether_it_applies_refuses()
    {
        var denial = Freeze with { Dangers = ["read-secrets"] };
        var refusal = (Set(Payments) with { Denials = [denial] }).Evaluate(Alice, Draft, Silent, Noon).Refusal!;
        Assert.Equal("indeterminate", refusal.Code);
        Assert.Contains("whether freeze denies it", refusal.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void The_cluster_is_not_asked_about_what_no_policy_could_cover_or_a_denial_refuses_anyway()
    {
        Assert.True(Set(Payments).Evaluate(Alice, Draft, ClusterFacts.None, Noon).IsOpen);
        Assert.False(Set(Payments).Evaluate(Mallory, Draft, ClusterFacts.None, Noon).IsOpen);
        Assert.False(
            (Set(Payments) with { Denials = [Freeze] }).Evaluate(Alice, Draft, ClusterFacts.None, Noon).IsOpen
        );
    }

    [Fact]
    public void Standing_and_other_accounts_come_from_the_policies_and_not_from_the_token()
    {
        var policies = Set(Payments) with
        {
            Accounts = new([
                ["alice@example.com", "alice-adm@example.com"],
            ]),
        };
        var known = policies.WithRoles(
            Alice with
            {
                IsAdministrator = true,
                IsAuditor = true,
                OtherAccounts = ["ghost@example.com"],
            }
        );
        Assert.False(known.IsAdministrator || known.IsAuditor);
        Assert.Equal(["alice-adm@example.com"], known.OtherAccounts);
        Assert.True(
            policies.WithRoles(new Caller(new("i#c", "c@example.com"), ["platform-admins", "auditors"]))
                is { IsAdministrator: true, IsAuditor: true }
        );
    }

    [Fact]
    public void Continued_eligibility_depends_only_on_the_policy_that_gave_the_rights()
    {
        var lax = Payments with { Name = "lax", Subjects = For("everyone") };
        Assert.Null(Set(Payments, lax).WhyNotEligible(Alice, "payments", Draft.Scope, Harmless));
        Assert.Equal(
            "groups",
            Set(Payments, lax)
                .WhyNotEligible(Mallory with { Groups = ["everyone"] }, "payments", Draft.Scope, Harmless)!
                .Field
        );
        Assert.Equal(
            "clusters",
            Set(Payments, lax).WhyNotEligible(Alice, "payments", Draft.Scope with { Cluster = "prod" }, Harmless)!.Field
        );
    }

    [Fact]
    public void Who_is_surely_not_eligible_is_told_so_though_something_else_cannot_be_told()
    {
        var policies = Set(Payments) with
        {
            Denials = [Freeze with { Name = "dangers", Dangers = ["read-secrets"] }, Freeze],
        };
        Assert.False(policies.WhyNotEligible(Alice, "payments", Draft.Scope, Silent)!.IsUnresolved);
        Assert.False(
            Set(Payments).WhyNotEligible(Alice, "payments", Draft.Scope with { Cluster = "prod" }, Silent)!.IsUnresolved
        );
        Assert.True(Set(Payments).WhyNotEligible(Alice, "payments", Draft.Scope, Silent)!.IsUnresolved);
    }

    private static Denial Freeze =>
        new("freeze", Subjects.Everyone, [], [new("payments")], [], [], "The books are being closed.")
        {
            Source = new("freeze.yaml", 2, new Dictionary<string, long>()),
        };

    private static void Refused(string because, RequestDraft draft)
    {
        var refusal = Set(Payments).Evaluate(Alice, draft, Harmless, Noon).Refusal!;
        Assert.Equal("not-covered", refusal.Code);
        Assert.Contains(because, refusal.Detail, StringComparison.Ordinal);
    }
}
