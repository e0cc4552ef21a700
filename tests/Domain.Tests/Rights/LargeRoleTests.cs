using JitFunctions.Domain.Rights;

namespace JitFunctions.Domain.Tests.Rights;

/// <summary>
/// The growth of roles with thousands of words. <c>./dev mutate</c> leaves these tests out: they take seconds.
/// </summary>
public sealed class LargeRoleTests
{
    private static readonly RbacRule Pods = new([""], ["pods"], ["get", "list"]);
    private static readonly RbacRule Secrets = new([""], ["secrets"], ["get", "list"]);

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

    private static RbacRule Padding(string prefix, int count) =>
        new([""], ["configmaps"], ["get"], [.. Enumerable.Range(0, count).Select(i => $"{prefix}{i}")]);

    private static string Text(IReadOnlyList<NamespacedRules> rights) =>
        string.Join("; ", rights.Select(placed => placed.Describe()));
}
