using JitFunctions.Domain.Rights;

namespace JitFunctions.Domain.Tests.Rights;

public sealed class RightsGrowthTests
{
    private static readonly RbacRule Pods = new([""], ["pods"], ["get", "list"]);
    private static readonly RbacRule Secrets = new([""], ["secrets"], ["get", "list"]);

    public static TheoryData<string, RbacRule[], RbacRule[], string[]> Growths =>
        new()
        {
            { "the same", [Pods], [Pods], [] },
            { "the same in other words", [Pods], [new([""], ["pods"], ["get"]), new([""], ["pods"], ["list"])], [] },
            { "less", [Pods, Secrets], [Pods], [] },
            { "nothing at all", [Pods], [], [] },
            { "another resource", [Pods], [Pods, Secrets], ["get,list secrets"] },
            {
                "verbs of which one is approved elsewhere",
                [new([""], ["pods"], ["get"])],
                [new([""], ["pods"], ["get"]), Secrets],
                ["get,list secrets"]
            },
            {
                "another resource in the same rule",
                [Pods],
                [new([""], ["pods", "secrets"], ["get", "list"])],
                ["get,list secrets"]
            },
            { "another verb", [Pods], [new([""], ["pods"], ["get", "list", "delete"])], ["delete pods"] },
            { "another group", [Pods], [new(["", "apps"], ["pods"], ["get"])], ["get pods of apps"] },
            { "a subresource", [Pods], [Pods, new([""], ["pods/exec"], ["create"])], ["create pods/exec"] },
            {
                "from the empty name, which lists, to any",
                [new([""], ["secrets"], ["get"], [""])],
                [new([""], ["secrets"], ["get"])],
                ["get secrets"]
            },
            {
                "from one name to any",
                [new([""], ["secrets"], ["get"], ["db"])],
                [new([""], ["secrets"], ["get"])],
                ["get secrets"]
            },
            {
                "another name",
                [new([""], ["secrets"], ["get"], ["db"])],
                [new([""], ["secrets"], ["get"], ["db", "mail"])],
                ["get secrets (mail)"]
            },
            { "a name where any is approved", [Secrets], [Secrets, new([""], ["secrets"], ["get"], ["db"])], [] },
            // RBAC knows no patterns of names: this one is the name of no object, and approving it approved no other.
            {
                "a name that looks like a pattern",
                [new([""], ["secrets"], ["get"], ["*"])],
                [new([""], ["secrets"], ["get"], ["db"])],
                ["get secrets (db)"]
            },
            { "every verb", [Pods], [new([""], ["pods"], ["*"])], ["* pods"] },
            { "within a wildcard", [new(["*"], ["*"], ["get", "list"])], [Pods], [] },
            { "everything", [new(["*"], ["*"], ["get"])], [new(["*"], ["*"], ["*"])], ["* * of *"] },
            { "URLs, which a RoleBinding does not give", [Pods], [Pods, new([], [], ["get"], null, ["/metrics"])], [] },
        };

    [Theory]
    [MemberData(nameof(Growths))]
    public void What_is_given_now_and_was_not_approved_is_added(
        string what,
        RbacRule[] approved,
        RbacRule[] current,
        string[] added
    )
    {
        var growth = RightsGrowth.Between([new(["payments"], approved)], [], [new(["payments"], current)]);

        Assert.True(
            added.SequenceEqual(growth.Added.SelectMany(placed => placed.Rules).Select(RuleText.Describe)),
            $"{what}: {string.Join("; ", growth.Added.Select(placed => placed.Describe()))}"
        );
        Assert.Equal(added.Length == 0, growth.IsNone);
    }

    [Fact]
    public void In_the_whole_cluster_urls_count()
    {
        var growth = RightsGrowth.Between(
            [new([], [Pods])],
            [],
            [new([], [Pods, new([], [], ["get"], null, ["/metrics"])])]
        );
        Assert.Equal("get /metrics in the whole cluster", Assert.Single(growth.Added).Describe());
    }

    [Fact]
    public void Each_namespace_is_compared_with_what_was_approved_there()
    {
        var growth = RightsGrowth.Between(
            [new(["a"], [Pods]), new(["b"], [Pods, Secrets])],
            [],
            [new(["a", "b", "c"], [Pods, Secrets])]
        );

        Assert.Equal(
            ["get,list secrets in a", "get,list pods, get,list secrets in c"],
            growth.Added.Select(placed => placed.Describe())
        );
    }

    [Fact]
    public void Namespaces_with_the_same_growth_are_told_together()
    {
        var growth = RightsGrowth.Between([new(["a", "b"], [Pods])], [], [new(["a", "b"], [Pods, Secrets])]);
        Assert.Equal("get,list secrets in a, b", Assert.Single(growth.Added).Describe());
    }

    [Fact]
    public void Known_growth_is_not_added_again_and_rights_that_were_taken_away_are_gone()
    {
        IReadOnlyList<NamespacedRules> approved = [new(["a"], [Pods])];
        var first = RightsGrowth.Between(approved, [], [new(["a"], [Pods, Secrets])]);
        Assert.True(RightsGrowth.Between(approved, first.Unapproved, [new(["a"], [Pods, Secrets])]).IsNone);

        var less = RightsGrowth.Between(
            approved,
            first.Unapproved,
            [new(["a"], [Pods, new([""], ["secrets"], ["get"])])]
        );
        Assert.Equal(
            ("", "list secrets in a", "get secrets in a"),
            (Text(less.Added), Text(less.Gone), Text(less.Unapproved))
        );

        var other = RightsGrowth.Between(
            approved,
            less.Unapproved,
            [new(["a"], [Pods, new([""], ["nodes"], ["get"])])]
        );
        Assert.Equal(
            ("get nodes in a", "get secrets in a", "get nodes in a"),
            (Text(other.Added), Text(other.Gone), Text(other.Unapproved))
        );
    }

    [Theory]
    [InlineData("a\0b")]
    [InlineData("a\u202Eb")]
    public void What_no_database_stores_or_nobody_sees_counts_as_everything(string name)
    {
        var growth = RightsGrowth.Between(
            [new([], [Pods])],
            [],
            [new([], [Pods, new([""], ["secrets"], ["get"], [name])])]
        );
        Assert.Equal("* * of *, * * in the whole cluster", Text(growth.Added));
        Assert.Equal("it holds characters that cannot be seen", growth.Untold);
    }

    [Fact]
    public void A_union_that_gets_too_long_is_everything()
    {
        IReadOnlyList<NamespacedRules> all = [];
        for (var i = 0; i < 100; i++)
            all = RightsGrowth.BoundedUnion(all, [new(["a"], [Padding($"x{i}-", 100)])]);
        Assert.Equal("* * of * in a", Text(all));
    }

    [Fact]
    public void A_union_that_is_short_enough_stays_as_it_is() =>
        Assert.Equal("get,list secrets in a", Text(RightsGrowth.BoundedUnion([], [new(["a"], [Secrets])])));

    [Fact]
    public void A_union_has_each_right_once() =>
        Assert.Equal(
            "get,list pods, watch pods in a",
            Text(RightsGrowth.Union([new(["a"], [Pods])], [new(["a"], [new([""], ["pods"], ["get", "watch"])])]))
                .Replace(" in a; ", ", ", StringComparison.Ordinal)
        );

    private static RbacRule Padding(string prefix, int count) =>
        new([""], ["configmaps"], ["get"], [.. Enumerable.Range(0, count).Select(i => $"{prefix}{i}")]);

    private static string Text(IReadOnlyList<NamespacedRules> rights) =>
        string.Join("; ", rights.Select(placed => placed.Describe()));
}
