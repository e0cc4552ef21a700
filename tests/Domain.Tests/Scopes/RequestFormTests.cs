using JitFunctions.Domain.Rights;
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

    [Theory]
    [InlineData(5)]
    [InlineData(7 * 86400)]
    public void The_shortest_and_the_longest_duration_are_allowed(int seconds) =>
        Assert.Empty(RequestForm.Check(Good with { Duration = TimeSpan.FromSeconds(seconds) }));

    [Fact]
    public void A_request_names_a_role_or_rules_and_not_both()
    {
        Refused("role", Good with { Scope = Good.Scope with { Role = null } });
        Refused("role", Good with { Scope = Good.Scope with { Rules = [Rule("get", "pods")] } });
    }

    [Fact]
    public void Rules_do_not_apply_to_the_whole_cluster() =>
        Refused("rules", Good with { Scope = new Scope("demo", [], true, null, [Rule("get", "pods")]) });

    [Fact]
    public void One_invalid_namespace_among_valid_ones_is_refused() =>
        Refused("namespaces", Good with { Scope = Good.Scope with { Namespaces = ["payments", "Orders"] } });

    [Theory]
    [InlineData(50, true)]
    [InlineData(51, false)]
    public void A_request_has_at_most_fifty_namespaces(int count, bool allowed) =>
        Assert.Equal(
            allowed,
            RequestForm.Check(Good with { Scope = Good.Scope with { Namespaces = Many("ns-", count) } }) is []
        );

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(20, true)]
    [InlineData(21, false)]
    public void A_request_has_one_to_twenty_rules(int count, bool allowed) =>
        Assert.Equal(allowed, IsAllowed([.. Enumerable.Repeat(Rule("get", "pods"), count)]));

    public static TheoryData<string, RbacRule, bool> Rules =>
        new()
        {
            { "fifty verbs", Plain with { Verbs = Many("v", 50) }, true },
            { "more than fifty verbs", Plain with { Verbs = Many("v", 51) }, false },
            { "more than fifty API groups", Plain with { ApiGroups = Many("g", 51) }, false },
            { "more than fifty resources", Plain with { Resources = Many("r", 51) }, false },
            { "more than fifty names", Plain with { ResourceNames = Many("n", 51) }, false },
            { "no names", Plain with { ResourceNames = null }, true },
            { "a long verb", Plain with { Verbs = [new('v', 253)] }, true },
            { "a verb that is too long", Plain with { Verbs = [new('v', 254)] }, false },
            { "a long API group", Plain with { ApiGroups = [new('g', 253)] }, true },
            { "an API group that is too long", Plain with { ApiGroups = [new('g', 254)] }, false },
            { "a long name", Plain with { ResourceNames = [new('n', 253)] }, true },
            { "a name that is too long", Plain with { ResourceNames = [new('n', 254)] }, false },
            { "an empty verb", Plain with { Verbs = [""] }, false },
            { "an empty resource", Plain with { Resources = [""] }, false },
            { "an empty name", Plain with { ResourceNames = [""] }, false },
            { "all characters that words may have", Plain with { Resources = ["a9Z-.x/*:y"] }, true },
            { "a space in a resource", Plain with { Resources = ["a b"] }, false },
            { "an underscore in a verb", Plain with { Verbs = ["a_b"] }, false },
            { "a quote in an API group", Plain with { ApiGroups = ["a\"b"] }, false },
            { "a star in a name", Plain with { ResourceNames = ["db-*"] }, false },
            { "a slash in a name", Plain with { ResourceNames = ["a/b"] }, false },
            { "the path of a parent as a name", Plain with { ResourceNames = [".."] }, false },
            { "the path of itself as a name", Plain with { ResourceNames = ["."] }, false },
            { "a non-resource URL", Plain with { NonResourceUrls = ["/metrics"] }, false },
        };

    [Theory]
    [MemberData(nameof(Rules))]
    public void Rules_have_words_that_kubernetes_allows(string what, RbacRule rule, bool allowed)
    {
        Assert.True(allowed == IsAllowed(rule), what);
        // One such rule among others counts as well.
        Assert.True(allowed == IsAllowed(Plain, rule), what);
    }

    [Theory]
    [InlineData("INC-1", true)]
    [InlineData("", false)]
    [InlineData("  ", false)]
    [InlineData("two\nlines", false)]
    public void A_ticket_is_a_line(string ticket, bool allowed) =>
        Assert.Equal(allowed, RequestForm.Check(Good with { Ticket = ticket }) is []);

    [Theory]
    [InlineData(100, 1000, true)]
    [InlineData(101, 1000, false)]
    [InlineData(100, 1001, false)]
    public void A_ticket_has_at_most_100_characters_and_a_reason_1000(int ticket, int reason, bool allowed) =>
        Assert.Equal(
            allowed,
            RequestForm.Check(Good with { Ticket = new('t', ticket), Reason = new('r', reason) }) is []
        );

    private static readonly RbacRule Plain = Rule("get", "pods");

    private static string[] Many(string prefix, int count) =>
        [.. Enumerable.Range(0, count).Select(i => $"{prefix}{i}")];

    private static bool IsAllowed(params RbacRule[] rules) =>
        RequestForm.Check(Good with { Scope = Good.Scope with { Role = null, Rules = rules } }) is [];

    private static void Refused(string field, RequestDraft draft) =>
        Assert.Contains(RequestForm.Check(draft), error => error.Field == field);
}
