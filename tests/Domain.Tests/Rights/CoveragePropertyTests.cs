using CsCheck;
using JitFunctions.Domain.Rights;

namespace JitFunctions.Domain.Tests.Rights;

public sealed class CoveragePropertyTests
{
    private static readonly Gen<RbacRule[]> Ceiling = Gens.Rule.Array[0, 4];

    [Fact]
    public void Rules_cover_themselves() => Ceiling.Sample(rules => Assert.Empty(RuleCoverage.Uncovered(rules, rules)));

    [Fact]
    public void A_covered_rule_allows_nothing_that_the_ceiling_does_not_allow() =>
        Gen.Select(Ceiling, Gens.Rule.Array[1, 2])
            .Sample(
                (ceiling, asked) =>
                {
                    if (!RuleCoverage.Uncovered(ceiling, asked).Any())
                        // The rules may allow none of these accesses.
                        Assert.All(
                            Gens.Accesses.Where(access => RuleCoverage.Allows(asked, access)),
                            access => Assert.True(RuleCoverage.Allows(ceiling, access), $"{access}"),
                            throwIfEmpty: false
                        );
                }
            );

    [Fact]
    public void A_rule_that_is_not_covered_allows_more_than_the_ceiling_unless_it_has_wildcards() =>
        Gen.Select(Ceiling, Gens.PlainRule)
            .Sample(
                (ceiling, asked) =>
                {
                    if (RuleCoverage.Uncovered(ceiling, [asked]).Any())
                        Assert.Contains(
                            Gens.Accesses,
                            access => RuleCoverage.Allows([asked], access) && !RuleCoverage.Allows(ceiling, access)
                        );
                }
            );

    [Fact]
    public void Without_its_names_a_rule_never_asks_for_less() =>
        Gen.Select(Ceiling, Gens.Rule)
            .Sample(
                (ceiling, asked) =>
                    Assert.True(
                        !RuleCoverage.Uncovered(ceiling, [asked]).Any()
                            || RuleCoverage.Uncovered(ceiling, [asked with { ResourceNames = null }]).Any()
                    )
            );

    [Fact]
    public void Without_its_names_a_ceiling_never_covers_less() =>
        Gen.Select(Ceiling, Gens.Rule)
            .Sample(
                (ceiling, asked) =>
                    Assert.True(
                        RuleCoverage.Uncovered(ceiling, [asked]).Any()
                            || !RuleCoverage
                                .Uncovered([.. ceiling.Select(rule => rule with { ResourceNames = [] })], [asked])
                                .Any()
                    )
            );

    [Fact]
    public void What_two_ceilings_cover_one_after_the_other_the_first_covers() =>
        Gen.Select(Ceiling, Ceiling, Gens.Rule)
            .Sample(
                (first, second, asked) =>
                    Assert.True(
                        RuleCoverage.Uncovered(first, second).Any()
                            || RuleCoverage.Uncovered(second, [asked]).Any()
                            || !RuleCoverage.Uncovered(first, [asked]).Any()
                    )
            );
}
