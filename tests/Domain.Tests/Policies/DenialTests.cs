using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Scopes;
using static JitFunctions.Domain.Tests.Rights.Rules;
using static JitFunctions.Domain.Tests.Samples.PolicySamples;
using static JitFunctions.Domain.Tests.Samples.Scenario;

namespace JitFunctions.Domain.Tests.Policies;

public sealed class DenialTests
{
    private static readonly Denial All = new("all", Subjects.Everyone, [], [], [], [], "no");

    [Fact]
    public void Where_a_denial_says_nothing_it_means_any() =>
        Assert.True(All.AppliesTo(Mallory, Draft.Scope, ClusterFacts.None));

    [Fact]
    public void One_part_of_a_request_under_a_denial_is_enough()
    {
        var denial = All with { Namespaces = [new("*-eu")] };
        Assert.True(denial.AppliesTo(Alice, In("payments", "payments-eu"), Harmless));
        Assert.False(denial.AppliesTo(Alice, In("payments"), Harmless));
    }

    [Fact]
    public void The_whole_cluster_has_every_denied_namespace_in_it() =>
        Assert.True(
            (All with { Namespaces = [new("kube-system")] }).AppliesTo(
                Alice,
                Draft.Scope with
                {
                    Namespaces = [],
                    ClusterWide = true,
                },
                Harmless
            )
        );

    [Fact]
    public void A_star_in_a_denial_means_the_system_too() =>
        Assert.True((All with { Namespaces = [new("*")] }).AppliesTo(Alice, In("kube-system"), Harmless));

    [Fact]
    public void Clusters_roles_and_people_that_are_not_meant_are_not_denied()
    {
        Assert.False((All with { Clusters = [new("prod-*")] }).AppliesTo(Alice, Draft.Scope, Harmless));
        Assert.False((All with { Roles = [new(RoleKind.Role, "edit")] }).AppliesTo(Alice, Draft.Scope, Harmless));
        Assert.True((All with { Roles = [Edit] }).AppliesTo(Alice, Draft.Scope, Harmless));
        Assert.False((All with { Subjects = For("payments-leads") }).AppliesTo(Alice, Draft.Scope, Harmless));
    }

    [Fact]
    public void One_of_several_patterns_of_a_denial_is_enough()
    {
        Assert.True((All with { Clusters = [new("prod-*"), new("demo")] }).AppliesTo(Alice, Draft.Scope, Harmless));
        Assert.True(
            (All with { Namespaces = [new("orders"), new("payments")] }).AppliesTo(Alice, Draft.Scope, Harmless)
        );
        Assert.True((All with { Roles = [new(RoleKind.Role, "edit"), Edit] }).AppliesTo(Alice, Draft.Scope, Harmless));
    }

    [Fact]
    public void Dangers_are_looked_for_in_what_the_cluster_says()
    {
        var denial = All with { Dangers = ["read-secrets"] };
        Assert.True(denial.AppliesTo(Alice, Draft.Scope, Allowing(Rule("get", "secrets"))));
        Assert.False(denial.AppliesTo(Alice, Draft.Scope, Allowing(Rule("get", "configmaps"))));
        Assert.True(denial.AppliesTo(Alice, Draft.Scope, Allowing(Rule("*", "*", "*"))));
    }

    [Fact]
    public void What_the_cluster_does_not_say_leaves_open_whether_it_is_denied()
    {
        var denial = All with { Dangers = ["read-secrets"] };
        Assert.Null(denial.AppliesTo(Alice, Draft.Scope, ClusterFacts.None));
        Assert.False((denial with { Clusters = [new("prod")] }).AppliesTo(Alice, Draft.Scope, ClusterFacts.None));
    }

    [Fact]
    public void A_denial_of_one_account_denies_the_others_of_that_human()
    {
        var second = new Caller(new("issuer#alice-2", "alice-adm@example.com"), ["payments-devs"])
        {
            OtherAccounts = ["alice@example.com"],
        };
        Assert.True(
            (All with { Subjects = new([], ["Alice@example.com"], [], []) }).AppliesTo(second, Draft.Scope, Harmless)
        );
    }

    private static Scope In(params string[] namespaces) => Draft.Scope with { Namespaces = namespaces };
}
