using CsCheck;
using JitFunctions.Domain.Rights;

namespace JitFunctions.Domain.Tests.Rights;

public sealed class DangerPropertyTests
{
    private static readonly Gen<NamespacedRules[]> Rights = Gens.Placed.Array[0, 4];

    [Fact]
    public void A_part_never_has_a_danger_that_the_whole_has_not() =>
        Gen.Select(Rights, Rights).Sample((some, more) => Assert.Subset(Found([.. some, .. more]), Found(some)));

    [Fact]
    public void Without_names_there_is_never_less_danger() =>
        Rights.Sample(rights =>
            Assert.Subset(Found(Map(rights, rule => rule with { ResourceNames = null })), Found(rights))
        );

    [Fact]
    public void A_wildcard_never_takes_a_danger_away() =>
        Rights.Sample(rights =>
        {
            Assert.Subset(Found(Map(rights, rule => rule with { ApiGroups = ["*"] })), Found(rights));
            Assert.Subset(Found(Map(rights, rule => rule with { Verbs = [.. rule.Verbs, "*"] })), Found(rights));
            Assert.Subset(
                Found(Map(rights, rule => rule with { Resources = [.. rule.Resources, "*"] })),
                Found(rights)
            );
        });

    [Fact]
    public void The_whole_cluster_has_every_danger_of_its_namespaces() =>
        Rights.Sample(rights =>
            Assert.Subset(Kinds([.. rights.Select(placed => placed with { Namespaces = [] })]), Kinds(rights))
        );

    [Fact]
    public void Entries_are_unique_by_kind_and_reach_and_ordered_by_kind() =>
        Rights.Sample(rights =>
        {
            var found = DangerousRights.In(rights, "system:x");
            Assert.Equal(
                found
                    .OrderBy(right => right.Reach is DangerReach.Cluster ? 0 : 1)
                    .ThenBy(right => DangerousRights.Kinds.ToList().IndexOf(right.Kind)),
                found
            );
            Assert.Equal(found.Count, found.DistinctBy(right => (right.Kind, right.Reach)).Count());
        });

    [Fact]
    public void The_order_of_rights_and_words_changes_nothing() =>
        Rights
            .SelectMany(Gen.Shuffle, (rights, shuffled) => (rights, shuffled))
            .Sample(pair =>
                Assert.Equal(
                    DangerousRights.In(pair.rights),
                    DangerousRights.In([
                        .. pair.shuffled.Select(placed => new NamespacedRules(
                            [.. placed.Namespaces.Reverse()],
                            [
                                .. placed.Rules.Select(rule =>
                                    rule with
                                    {
                                        Verbs = [.. rule.Verbs.Reverse()],
                                        ApiGroups = [.. rule.ApiGroups.Reverse()],
                                        ResourceNames = rule.ResourceNames?.Reverse().ToList(),
                                    }
                                ),
                            ]
                        )),
                    ])
                )
            );

    private static NamespacedRules[] Map(NamespacedRules[] rights, Func<RbacRule, RbacRule> change) =>
        [.. rights.Select(placed => placed with { Rules = [.. placed.Rules.Select(change)] })];

    // Full control is every verb on every resource: it stands for both of these.
    private static HashSet<(string Kind, DangerReach Reach)> Found(NamespacedRules[] rights) =>
        [
            .. DangerousRights
                .In(rights)
                .SelectMany(right =>
                    right.Kind == "full-control"
                        ? new[]
                        {
                            (right.Kind, right.Reach),
                            ("wildcard-verbs", right.Reach),
                            ("wildcard-resources", right.Reach),
                        }
                        : [(right.Kind, right.Reach)]
                ),
        ];

    private static HashSet<string> Kinds(NamespacedRules[] rights) => [.. Found(rights).Select(found => found.Kind)];
}
