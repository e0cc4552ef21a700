using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Requests;
using static JitFunctions.Domain.Tests.Requests.Scenario;

namespace JitFunctions.Domain.Tests.Policies;

public sealed class PolicySetTests
{
    private static readonly AccessPolicy Payments = new(
        "payments", ["payments-devs"], [], [new("demo"), new("stage-*")], [new("payments"), new("payments-*")], ClusterWide: false,
        [new(RoleKind.ClusterRole, "edit")], TimeSpan.FromHours(1), TimeSpan.FromHours(4), new ApprovalRule(false, ["payments-leads"], 1));

    private static readonly PolicySet Policies = new("sha256:1", [], [], [Payments]);

    [Fact]
    public void A_request_within_a_policy_gets_its_snapshot()
    {
        var (policy, refused) = Policies.Find(Alice, Terms);
        Assert.Null(refused);
        Assert.Equal(("payments", "sha256:1", 1), (policy!.Name, policy.Version, policy.RequiredApprovals));
    }

    [Fact]
    public void What_no_policy_covers_is_refused_and_the_refusal_says_what_is_too_much()
    {
        Refused("at most 1h", Terms with { Duration = TimeSpan.FromHours(2) });
        Refused("not namespace kube-system", Terms with { Scope = Terms.Scope with { Namespaces = ["payments", "kube-system"] } });
        Refused("not cluster prod", Terms with { Scope = Terms.Scope with { Cluster = "prod" } });
        Refused("not ClusterRole/admin", Terms with { Scope = Terms.Scope with { Role = new(RoleKind.ClusterRole, "admin") } });
        Refused("not Role/edit", Terms with { Scope = Terms.Scope with { Role = new(RoleKind.Role, "edit") } });
        Refused("not cluster-wide", Terms with { Scope = Terms.Scope with { Namespaces = [], ClusterWide = true } });
    }

    [Fact]
    public void Strangers_learn_nothing_about_policies_of_others()
    {
        var (_, refused) = Policies.Find(Mallory, Terms);
        Assert.Equal("not-covered", refused!.Code);
        Assert.DoesNotContain("payments", refused.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_policies_do_not_add_up_to_one_that_covers_all()
    {
        var billing = Payments with { Name = "billing", Namespaces = [new("billing")] };
        var (policy, refused) = (Policies with { Policies = [Payments, billing] }).Find(Alice, Terms with { Scope = Terms.Scope with { Namespaces = ["payments", "billing"] } });
        Assert.Null(policy);
        Assert.Equal("not-covered", refused!.Code);
    }

    [Fact]
    public void The_first_policy_in_the_file_that_covers_the_request_decides()
    {
        var automatic = Payments with { Name = "automatic", Approval = new(true, [], 1) };
        Assert.Equal("payments", (Policies with { Policies = [Payments, automatic] }).Find(Alice, Terms).Covered!.Name);
        Assert.Equal("automatic", (Policies with { Policies = [automatic, Payments] }).Find(Alice, Terms).Covered!.Name);
    }

    [Theory]
    [InlineData("*", "payments", true)]
    [InlineData("*", "kube-system", false)]
    [InlineData("*-system", "kube-system", false)]
    [InlineData("kube-*", "kube-system", true)]
    [InlineData("payments-*", "payments-eu", true)]
    [InlineData("payments-*", "payments", false)]
    [InlineData("payments", "Payments", false)]
    [InlineData("pay", "payments", false)]
    public void Patterns_match_whole_names_and_a_leading_star_leaves_out_the_system(string pattern, string name, bool matches) =>
        Assert.Equal(matches, new NamePattern(pattern).Matches(name));

    private static void Refused(string because, RequestTerms terms)
    {
        var (policy, refused) = Policies.Find(Alice, terms);
        Assert.Null(policy);
        Assert.Contains(because, refused!.Detail, StringComparison.Ordinal);
    }
}
