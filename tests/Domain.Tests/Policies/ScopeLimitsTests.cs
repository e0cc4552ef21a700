using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Rights;
using JitFunctions.Domain.Scopes;
using static JitFunctions.Domain.Tests.Rights.Rules;
using static JitFunctions.Domain.Tests.Samples.PolicySamples;

namespace JitFunctions.Domain.Tests.Policies;

public sealed class ScopeLimitsTests
{
    private static readonly ScopeLimits Gold = Limits with
    {
        Namespaces = [],
        NamespaceLabels = Labels("tier=gold", "team=payments"),
    };

    [Fact]
    public void A_namespace_needs_every_label()
    {
        Assert.Empty(Gold.Mismatches(In("shop"), Labelled(("shop", Labels("tier=gold", "team=payments", "more=x")))));
        Assert.Equal(
            "namespace shop lacks team=payments",
            Only(Gold, In("shop"), Labelled(("shop", Labels("tier=gold", "team=Payments")))).Message
        );
        Assert.Equal(
            "namespace shop lacks tier=gold, team=payments",
            Only(Gold, In("shop"), Labelled(("shop", Labels()))).Message
        );
    }

    [Fact]
    public void Every_namespace_of_a_request_needs_the_labels()
    {
        var facts = Labelled(("shop", Labels("tier=gold", "team=payments")), ("till", Labels("tier=gold")));
        Assert.Equal("namespace till lacks team=payments", Only(Gold, In("shop", "till"), facts).Message);
    }

    [Fact]
    public void Labels_that_cannot_be_read_leave_it_open()
    {
        Assert.True(Only(Gold, In("shop"), ClusterFacts.None).IsUnresolved);
        Assert.True(
            Only(Gold, In("shop", "till"), Labelled(("shop", Labels("tier=gold", "team=payments")))).IsUnresolved
        );
    }

    [Fact]
    public void Labels_alone_do_not_reach_the_system() =>
        Assert.Equal(
            "not namespace kube-system",
            Only(Gold, In("kube-system"), Labelled(("kube-system", Labels("tier=gold", "team=payments")))).Message
        );

    [Fact]
    public void Names_and_labels_have_to_be_right_both()
    {
        var both = Gold with { Namespaces = [new("shop-*")] };
        Assert.Equal(
            "not namespace till",
            Only(both, In("till"), Labelled(("till", Labels("tier=gold", "team=payments")))).Message
        );
        Assert.NotEmpty(both.Mismatches(In("shop-eu"), Labelled(("shop-eu", Labels("tier=gold")))));
        Assert.Empty(both.Mismatches(In("shop-eu"), Labelled(("shop-eu", Labels("tier=gold", "team=payments")))));
    }

    [Fact]
    public void Neither_names_nor_labels_mean_no_namespace_at_all() =>
        Assert.Equal("not namespace payments", Only(Limits with { Namespaces = [] }, In("payments"), Harmless).Message);

    [Fact]
    public void Labels_are_no_way_to_the_whole_cluster() =>
        Assert.Equal(
            "not cluster-wide",
            Only(Gold, Draft.Scope with { Namespaces = [], ClusterWide = true }, ClusterFacts.None).Message
        );

    [Fact]
    public void Rules_stay_within_those_of_the_policy()
    {
        var limits = Limits with { Rules = [Rule("get delete", "pods", "core", "consumer-*")] };
        Assert.Empty(limits.Mismatches(AdHoc(Rule("delete", "pods", "core", "consumer-1")), Harmless));
        Assert.Equal(
            "not delete pods (only \"producer\")",
            Only(limits, AdHoc(Rule("delete", "pods", "core", "producer")), Harmless).Message
        );
        Assert.Equal(
            "not patch pods (only \"consumer-1\")",
            Only(limits, AdHoc(Rule("patch", "pods", "core", "consumer-1")), Harmless).Message
        );
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Rules_without_resource_names_count_as_all_names(bool emptyList)
    {
        var limits = Limits with { Rules = [Rule("get", "pods", "core", "consumer-*")] };
        var all = Rule("get", "pods") with { ResourceNames = emptyList ? [] : null };
        Assert.Equal("not get pods, whatever the name", Only(limits, AdHoc(all), Harmless).Message);
    }

    [Fact]
    public void A_policy_about_roles_covers_no_rules_and_the_reverse()
    {
        Assert.NotEmpty(Limits.Mismatches(AdHoc(Rule("get", "pods")), Harmless));
        Assert.NotEmpty(
            (Limits with { Roles = [], Rules = [Rule("get", "pods")] }).Mismatches(In("payments"), Harmless)
        );
    }

    private static PolicyMismatch Only(ScopeLimits limits, Scope scope, ClusterFacts facts) =>
        Assert.Single(limits.Mismatches(scope, facts));

    private static Scope In(params string[] namespaces) => Draft.Scope with { Namespaces = namespaces };

    private static Scope AdHoc(params RbacRule[] rules) => Draft.Scope with { Role = null, Rules = rules };

    private static ClusterFacts Labelled(
        params (string Name, IReadOnlyDictionary<string, string> Labels)[] namespaces
    ) => Harmless with { NamespaceLabels = namespaces.ToDictionary(ns => ns.Name, ns => ns.Labels) };
}
