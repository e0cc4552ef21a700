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

    [Fact]
    public void A_role_that_is_padded_until_nobody_can_tell_what_grew_counts_as_everything_there()
    {
        IReadOnlyList<NamespacedRules> approved = [new(["a", "b"], [Pods])];
        var padded = RightsGrowth.Between(
            approved,
            [],
            [new(["a"], [Pods, Padding("x", 140_000)]), new(["b"], [Pods])]
        );
        Assert.Equal(("* * of * in a", "* * of * in a"), (Text(padded.Added), Text(padded.Unapproved)));
        Assert.StartsWith("what was added is", padded.Untold, StringComparison.Ordinal);

        // Other names each time, and then what it was for.
        var known = padded.Unapproved;
        var again = RightsGrowth.Between(
            approved,
            known,
            [new(["a"], [Pods, Padding("y", 140_000), Secrets]), new(["b"], [Pods])]
        );
        Assert.True(again.IsNone);
        Assert.Equal("* * of * in a", Text(RightsGrowth.Between(approved, known, [new(["a", "b"], [Pods])]).Gone));
    }

    [Fact]
    public void A_comparison_takes_a_bounded_time_whatever_was_approved()
    {
        // Approved, or known from before, so that each of the names is looked for among as many others.
        IReadOnlyList<NamespacedRules> approved = [new(["a"], [Padding("x", 140_000)])];
        Assert.True(RightsGrowth.Between(approved, [], approved).IsNone);
        var names = RightsGrowth.Between(approved, [], [new(["a"], [Padding("y", 140_000), Secrets])]);
        Assert.Equal(
            ("* * of * in a", "it holds 140007 words, too many to compare"),
            (Text(names.Added), names.Untold)
        );

        // Each combination of these words lies in another set of rules.
        string[] words = [.. Enumerable.Range(0, 60).Select(i => $"w{i}")];
        IReadOnlyList<RbacRule> all = [new(words, words, words, words)];
        IReadOnlyList<RbacRule> butOne =
        [
            .. words.SelectMany(word =>
                new RbacRule[]
                {
                    new([.. words.Except([word])], words, words, words),
                    new(words, [.. words.Except([word])], words, words),
                    new(words, words, [.. words.Except([word])], words),
                    new(words, words, words, [.. words.Except([word])]),
                }
            ),
        ];
        Assert.Contains(
            "too many to compare",
            RightsGrowth.Between([new(["a"], butOne)], [], [new(["a"], all)]).Untold,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_large_role_that_grows_by_a_rule_is_told()
    {
        RbacRule[] platform =
        [
            .. Enumerable
                .Range(0, 300)
                .Select(i => new RbacRule(
                    [$"g{i}.example.com"],
                    [.. Enumerable.Range(0, 6).Select(j => $"kind{i}x{j}")],
                    ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"]
                )),
        ];
        string[] places = [.. Enumerable.Range(0, 50).Select(i => $"ns-{i}")];
        var growth = RightsGrowth.Between([new(places, platform)], [], [new(places, [.. platform, Secrets])]);
        Assert.Equal(
            (null, "get,list secrets"),
            (growth.Untold, RuleText.Describe(Assert.Single(Assert.Single(growth.Added).Rules)))
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
