using JitFunctions.Domain.Rights;
using static JitFunctions.Domain.Tests.Rights.Rules;

namespace JitFunctions.Domain.Tests.Rights;

public sealed class UncoveredTests
{
    [Theory]
    [InlineData("get", "pods", "*", "*")]
    [InlineData("get list", "pods secrets", "get list", "pods secrets")]
    [InlineData("get", "deployments/scale", "get", "*/scale")]
    [InlineData("get", "*/scale", "get", "*/scale")]
    [InlineData("get", "*/scale", "get", "*")]
    [InlineData("*", "*", "*", "*")]
    public void What_lies_within_the_ceiling_is_covered(
        string verbs,
        string resources,
        string mostVerbs,
        string mostResources
    ) => Assert.Empty(RuleCoverage.Uncovered([Rule(mostVerbs, mostResources)], [Rule(verbs, resources)]));

    [Theory]
    [InlineData(
        "*",
        "pods",
        "get list watch create update patch delete deletecollection",
        "pods",
        "do anything with pods"
    )]
    [InlineData("get", "*", "get", "pods */log", "get every resource of core")]
    [InlineData("get", "pods/log", "get", "pods", "get pods/log")]
    [InlineData("get", "pods", "get", "pods/log", "get pods")]
    [InlineData("get", "pods", "get", "*/log", "get pods")]
    [InlineData("get", "*/scale", "get", "deployments/scale", "get */scale")]
    [InlineData("get delete", "pods secrets", "get", "pods", "delete pods and secrets|get secrets")]
    [InlineData("get", "pods\u202ddaer gnihton )", "get", "pods", "get \")\", gnihton and \"pods\ufffddaer\"")]
    public void What_exceeds_it_is_told(
        string verbs,
        string resources,
        string mostVerbs,
        string mostResources,
        string excess
    ) =>
        Assert.Equal(
            excess.Split('|').Order(),
            RuleCoverage.Uncovered([Rule(mostVerbs, mostResources)], [Rule(verbs, resources)]).Order()
        );

    [Fact]
    public void Different_combinations_lie_in_different_rules_but_each_in_one()
    {
        RbacRule[] ceiling = [Rule("get", "pods secrets"), Rule("delete", "pods")];
        Assert.Empty(RuleCoverage.Uncovered(ceiling, [Rule("get delete", "pods"), Rule("get", "secrets")]));
        Assert.Equal(["delete secrets"], RuleCoverage.Uncovered(ceiling, [Rule("get delete", "pods secrets")]));
    }

    [Fact]
    public void Every_group_has_to_be_covered()
    {
        Assert.Equal(
            ["get pods of apps"],
            RuleCoverage.Uncovered([Rule("get", "pods")], [Rule("get", "pods", "core apps")])
        );
        Assert.Equal(
            ["get pods of any API group"],
            RuleCoverage.Uncovered([Rule("get", "pods", "core apps")], [Rule("get", "pods", "*")])
        );
    }

    [Fact]
    public void An_empty_ceiling_covers_no_rule_and_an_empty_request_is_covered()
    {
        Assert.Equal(["get pods"], RuleCoverage.Uncovered([], [Rule("get", "pods")]));
        Assert.Empty(
            RuleCoverage.Uncovered([], [Rule("", "pods"), Rule("get", ""), Rule("get", "pods", ""), Urls("get", "")])
        );
    }

    [Fact]
    public void No_names_are_every_name_so_a_ceiling_of_names_does_not_cover_them()
    {
        Assert.Equal(
            ["get secrets, whatever the name"],
            RuleCoverage.Uncovered([Rule("get", "secrets", "core", "*")], [Rule("get", "secrets")])
        );
        Assert.Equal(
            ["get secrets, whatever the name"],
            RuleCoverage.Uncovered([Rule("get", "secrets", "core", "db", "")], [new([""], ["secrets"], ["get"], [])])
        );
        Assert.Empty(RuleCoverage.Uncovered([Rule("get", "secrets")], [Rule("get", "secrets", "core", "db")]));
    }

    [Fact]
    public void The_empty_name_lists_everything_so_no_pattern_covers_it()
    {
        RbacRule[] asked = [Rule("list", "secrets", "core", "")];
        Assert.Equal(
            ["list secrets (only \"\")"],
            RuleCoverage.Uncovered([Rule("list", "secrets", "core", "*", "db")], asked)
        );
        Assert.Empty(RuleCoverage.Uncovered([Rule("list", "secrets")], asked));
    }

    [Theory]
    [InlineData("db-*", "db-1", true)]
    [InlineData("db-*", "db-", true)]
    [InlineData("*-db", "kube-db", true)]
    [InlineData("a*b*c", "a-b-b-c", true)]
    [InlineData("db-*", "xdb-1", false)]
    [InlineData("db-*", "DB-1", false)]
    [InlineData("db-?", "db-1", false)]
    [InlineData("db-?", "db-?", true)]
    [InlineData("db?*", "db?1", true)]
    [InlineData(@"db\*", @"db\x", true)]
    [InlineData(@"db\*", "db*", false)]
    [InlineData("db-*", "*", false)]
    [InlineData("db.1", "dbx1", false)]
    [InlineData("ab*ba", "aba", false)]
    [InlineData("*ab*ab*", "xaby", false)]
    [InlineData("*ab*b", "ab", false)]
    public void Names_of_the_ceiling_may_be_patterns(string most, string name, bool covered) =>
        Assert.Equal(
            covered,
            !RuleCoverage
                .Uncovered([Rule("get", "secrets", "core", most)], [Rule("get", "secrets", "core", name)])
                .Any()
        );

    [Fact]
    public void Names_that_are_not_covered_are_told() =>
        Assert.Equal(
            ["get secrets (only \"root\" and \"x\ufffdy\")"],
            RuleCoverage.Uncovered(
                [Rule("get", "secrets", "core", "db-*")],
                [Rule("get", "secrets", "core", "db-1", "root", "x\ny")]
            )
        );

    [Theory]
    [InlineData("/healthz", "/healthz", true)]
    [InlineData("/api/v1", "/api/*", true)]
    [InlineData("/api/*", "/api/*", true)]
    [InlineData("/api/v1*", "/api*", true)]
    [InlineData("*", "*", true)]
    [InlineData("/healthz/etcd", "/healthz", false)]
    [InlineData("/a*", "/api/*", false)]
    [InlineData("/api", "/api/*", false)]
    [InlineData("*", "/*", false)]
    public void Paths_lie_within_equal_ones_or_such_that_end_with_a_star(string asked, string most, bool covered) =>
        Assert.Equal(
            covered ? [] : [$"get {asked}"],
            RuleCoverage.Uncovered([Urls("get", most)], [Urls("get", asked)])
        );

    [Fact]
    public void One_of_several_names_or_paths_of_the_ceiling_is_enough()
    {
        Assert.Empty(
            RuleCoverage.Uncovered(
                [Rule("get", "secrets", "core", "root", "db-*")],
                [Rule("get", "secrets", "core", "db-1")]
            )
        );
        Assert.Empty(RuleCoverage.Uncovered([Urls("get", "/healthz /api/*")], [Urls("get", "/api/v1")]));
    }

    [Fact]
    public void Resources_and_paths_do_not_cover_each_other()
    {
        Assert.NotEmpty(RuleCoverage.Uncovered([Rule("*", "*", "*")], [Urls("get", "/metrics")]));
        Assert.NotEmpty(RuleCoverage.Uncovered([Urls("*", "*")], [Rule("get", "pods")]));
        Assert.Equal(["post /metrics"], RuleCoverage.Uncovered([Urls("get", "*")], [Urls("get post", "/metrics")]));
    }

    [Fact]
    public void Thousands_of_words_in_a_rule_give_few_uncovered_combinations()
    {
        string[] many = [.. Enumerable.Range(0, 5000).Select(i => $"x{i}")];
        RbacRule[] ceiling = [new(["x1"], ["x2", "x3"], ["x4"], ["x1*"]), new(["*"], ["x5"], ["x6"])];
        Assert.InRange(RuleCoverage.Uncovered(ceiling, [new(many, many, many, many, many)]).Count(), 2, 20);
    }
}
