using JitFunctions.Domain.Policies;

namespace JitFunctions.Domain.Tests.Policies;

public sealed class NamePatternTests
{
    [Theory]
    [InlineData("*", "payments", true)]
    [InlineData("*", "kube-system", false)]
    [InlineData("*-system", "kube-system", false)]
    [InlineData("kube-*", "kube-system", true)]
    [InlineData("payments-*", "payments-eu", true)]
    [InlineData("payments-*", "payments", false)]
    [InlineData("payments", "Payments", false)]
    [InlineData("pay", "payments", false)]
    public void Patterns_match_whole_names_and_a_leading_star_leaves_out_the_system(string pattern, string name, bool allows) =>
        Assert.Equal(allows, new NamePattern(pattern).Allows(name));

    [Theory]
    [InlineData("*", "kube-system", true)]
    [InlineData("*-system", "kube-system", true)]
    [InlineData("*-system", "kube-public", false)]
    public void In_a_denial_a_star_means_the_system_too(string pattern, string name, bool matches) =>
        Assert.Equal(matches, new NamePattern(pattern).Matches(name));
}
