using JitFunctions.Domain.Policies;

namespace JitFunctions.Domain.Tests.Policies;

public sealed class NamePatternTests
{
    [Theory]
    [InlineData("*", "payments", true)]
    [InlineData("*", "kube-system", false)]
    [InlineData("*-system", "kube-system", false)]
    [InlineData("kube-*", "kube-system", true)]
    [InlineData("kube-system", "kube-system", true)]
    [InlineData("k*", "kube-system", false)]
    [InlineData("k*", "kafka", true)]
    [InlineData("kube*", "kube-system", false)]
    [InlineData("?ube-system", "kube-system", false)]
    [InlineData("payments-*", "payments-eu", true)]
    [InlineData("payments-*", "payments", false)]
    [InlineData("payments", "Payments", false)]
    [InlineData("pay", "payments", false)]
    public void Patterns_match_whole_names_and_those_of_the_system_only_where_they_are_meant(
        string pattern,
        string name,
        bool allows
    ) => Assert.Equal(allows, new NamePattern(pattern).Allows(name));

    [Theory]
    [InlineData("*", "kube-system", true)]
    [InlineData("*-system", "kube-system", true)]
    [InlineData("*-system", "kube-public", false)]
    public void In_a_denial_a_star_means_the_system_too(string pattern, string name, bool matches) =>
        Assert.Equal(matches, new NamePattern(pattern).Matches(name));
}
