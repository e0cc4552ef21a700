using JitFunctions.Domain.Rights;
using static JitFunctions.Domain.Tests.Rights.Rules;

namespace JitFunctions.Domain.Tests.Rights;

/// <summary>Rules are evaluated as the authorizer of the cluster evaluates them.</summary>
public sealed class AllowsTests
{
    [Theory]
    [InlineData("get", "pods", true)]
    [InlineData("GET", "pods", false)]
    [InlineData("list", "pods", false)]
    [InlineData("get", "pods/log", false)]
    [InlineData("get", "secrets", false)]
    public void Verbs_and_resources_are_as_they_are_written(string verb, string resource, bool allowed) =>
        Assert.Equal(allowed, RuleCoverage.Allows([Rule("get", "pods")], new(verb, "", resource)));

    [Theory]
    [InlineData("*", "pods/exec", true)]
    [InlineData("*/scale", "deployments/scale", true)]
    [InlineData("*/scale", "deployments", false)]
    [InlineData("*/scale", "deployments/status", false)]
    [InlineData("*/scale", "deployments/rescale", false)]
    [InlineData("deployments/*", "deployments/scale", false)]
    [InlineData("deploy*", "deployments", false)]
    public void Only_two_wildcards_of_resources_are_known(string written, string resource, bool allowed) =>
        Assert.Equal(allowed, RuleCoverage.Allows([Rule("get", written, "apps")], new("get", "apps", resource)));

    [Theory]
    [InlineData("core", "", true)]
    [InlineData("core", "apps", false)]
    [InlineData("*", "apps", true)]
    [InlineData("apps", "", false)]
    public void The_core_group_is_the_empty_one(string written, string group, bool allowed) =>
        Assert.Equal(allowed, RuleCoverage.Allows([Rule("get", "pods", written)], new("get", group, "pods")));

    [Fact]
    public void Resource_names_allow_only_these_objects_and_no_call_without_a_name()
    {
        RbacRule[] rules = [Rule("get list", "secrets", "core", "db")];
        Assert.True(RuleCoverage.Allows(rules, new("get", "", "secrets", "db")));
        Assert.False(RuleCoverage.Allows(rules, new("get", "", "secrets", "db2")));
        Assert.False(RuleCoverage.Allows(rules, new("list", "", "secrets")));
        Assert.False(RuleCoverage.Allows([Rule("get", "secrets", "core", "*")], new("get", "", "secrets", "db")));
    }

    [Fact]
    public void No_names_are_all_names() =>
        Assert.Each(
            [null, "", "db"],
            name =>
                Assert.True(RuleCoverage.Allows([new([""], ["secrets"], ["get"], [])], new("get", "", "secrets", name)))
        );

    [Fact]
    public void The_empty_resource_name_allows_calls_that_name_no_object() =>
        Assert.True(RuleCoverage.Allows([Rule("list", "secrets", "core", "")], new("list", "", "secrets")));

    [Fact]
    public void A_permission_needs_a_single_rule_that_allows_all_of_it() =>
        Assert.False(RuleCoverage.Allows([Rule("get", "pods"), Rule("delete", "secrets")], new("delete", "", "pods")));

    [Fact]
    public void Paths_allow_nothing_on_resources() =>
        Assert.False(RuleCoverage.Allows([Urls("*", "*")], new("get", "", "pods")));
}
