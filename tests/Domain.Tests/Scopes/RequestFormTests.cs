using JitFunctions.Domain.Scopes;
using JitFunctions.Domain.Tests.Samples;
using static JitFunctions.Domain.Tests.Rights.Rules;

namespace JitFunctions.Domain.Tests.Scopes;

public sealed class RequestFormTests
{
    private static readonly RequestDraft Good = new(Scenario.Terms.Scope, TimeSpan.FromMinutes(30), "why", null);

    [Fact]
    public void A_well_formed_request_has_no_errors() => Assert.Empty(RequestForm.Check(Good));

    [Theory]
    [InlineData("")]
    [InlineData("Prod")]
    [InlineData("-prod")]
    [InlineData("prod\n")]
    [InlineData("a234567890123456789012345678901234567890123456789012345678901234")]
    public void Clusters_and_namespaces_are_dns_labels(string name)
    {
        Refused("cluster", Good with { Scope = Good.Scope with { Cluster = name } });
        Refused("namespaces", Good with { Scope = Good.Scope with { Namespaces = [name] } });
    }

    [Fact]
    public void No_namespace_at_all_never_means_all_of_them() =>
        Refused("namespaces", Good with { Scope = Good.Scope with { Namespaces = [] } });

    [Fact]
    public void Cluster_wide_and_namespaces_exclude_each_other() =>
        Refused("namespaces", Good with { Scope = Good.Scope with { ClusterWide = true } });

    [Fact]
    public void A_namespace_is_named_once() =>
        Refused("namespaces", Good with { Scope = Good.Scope with { Namespaces = ["a", "a"] } });

    [Fact]
    public void A_role_of_one_namespace_is_not_given_cluster_wide() =>
        Refused("role.kind", Good with { Scope = new Scope("demo", [], true, new RoleRef(RoleKind.Role, "x")) });

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("a%2fb")]
    [InlineData("a b")]
    public void A_role_has_a_name_that_kubernetes_allows(string name) =>
        Refused("role.name", Good with { Scope = Good.Scope with { Role = new(RoleKind.ClusterRole, name) } });

    [Theory]
    [InlineData(4)]
    [InlineData(0)]
    [InlineData(-60)]
    [InlineData((7 * 86400) + 1)]
    public void The_duration_is_between_five_seconds_and_seven_days(int seconds) =>
        Refused("duration", Good with { Duration = TimeSpan.FromSeconds(seconds) });

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("\u001b[2J cleared your terminal")]
    public void A_reason_is_plain_text(string reason) => Refused("reason", Good with { Reason = reason });

    [Theory]
    [InlineData("", "pods", "get", "rules[0].apiGroups")]
    [InlineData("core", "", "get", "rules[0].resources")]
    [InlineData("core", "pods", "", "rules[0].verbs")]
    public void A_rule_that_allows_nothing_is_none(string groups, string resources, string verbs, string place)
    {
        var error = Assert.Single(
            RequestForm.Check(
                Good with
                {
                    Scope = Good.Scope with { Role = null, Rules = [Rule(verbs, resources, groups)] },
                }
            )
        );
        Assert.Equal("rules", error.Field);
        Assert.StartsWith(place, error.Message, StringComparison.Ordinal);
    }

    private static void Refused(string field, RequestDraft draft) =>
        Assert.Contains(RequestForm.Check(draft), error => error.Field == field);
}
